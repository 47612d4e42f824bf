"""An open transaction as the repositories use it: statements in, rows out, on both databases."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Executable, Row, Select, Table, Text, bindparam, func, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

from state.ports import Recorded
from state.store.sql.compiled import POSTGRESQL, Prepared, Upsert, insert_for
from state.store.sql.errors import lost_races_are_stale

T = TypeVar("T")

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
_LOCK = Prepared(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)))
)


class Transaction:
    """An open transaction. `Prepared` statements take values by name and may bypass Core."""

    __slots__ = ("_connection", "_dialect", "_takes_locks", "recorded")

    def __init__(self, connection: AsyncConnection, *, writes: bool) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._takes_locks = writes and self._dialect.name == POSTGRESQL
        self.recorded: list[Recorded] = []
        """Records to report once they are committed."""

    async def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute once, or for each of `rows`; a conflict raises StaleStateError."""
        with lost_races_are_stale():
            return await self._connection.execute(statement, rows)

    @property
    def takes_locks(self) -> bool:
        """Whether locks are taken: in writing transactions on PostgreSQL only."""
        return self._takes_locks

    async def rows(
        self, statement: Prepared, values: Mapping[str, Any], *, for_update: bool = False
    ) -> Sequence[AnyRow]:
        core = statement.statement(self._dialect.name, for_update=for_update)
        return (await self.run(core, [values])).all()

    async def count(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        """Execute; returns the number of rows inserted, updated or deleted."""
        return (await self.run(statement.statement(self._dialect.name), [values])).rowcount

    async def changed(self, statement: Executable | Prepared, **values: Any) -> bool:
        """Execute; returns whether any row was inserted, updated or deleted."""
        if isinstance(statement, Prepared):
            return await self.count(statement, values) > 0
        return (await self.run(statement)).rowcount > 0

    async def first(self, statement: AnySelect | Prepared, **values: Any) -> AnyRow | None:
        if isinstance(statement, Prepared):
            return next(iter(await self.rows(statement, values)), None)
        return (await self.run(statement)).first()

    async def all(self, statement: AnySelect | Prepared, **values: Any) -> Sequence[AnyRow]:
        if isinstance(statement, Prepared):
            return await self.rows(statement, values)
        return (await self.run(statement)).all()

    async def value(self, statement: AnySelect | Prepared, **values: Any) -> Any:
        """The only column of the first row; None if there is no row."""
        row = await self.first(statement, **values)
        return None if row is None else row[0]

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Run a function that needs a synchronous connection, such as migrations."""
        return await self._connection.run_sync(work)

    def insert(self, table: Table) -> Upsert:
        """The dialect's INSERT with ON CONFLICT; both dialects spell it alike."""
        return insert_for(self._dialect.name)(table)

    async def lock(self, name: str) -> None:
        """Take an advisory lock on a name until the end of the transaction.

        For values read now and written later. Only PostgreSQL needs it: on SQLite a unit of work
        has the whole database to itself. Read-only transactions take no lock.
        """
        if self._takes_locks:
            await self.first(_LOCK, name=name)

    async def first_for_update(self, statement: Prepared, **values: Any) -> AnyRow | None:
        """The first row, locked (FOR UPDATE) until the end of the transaction."""
        return next(iter(await self.rows(statement, values, for_update=self._takes_locks)), None)
