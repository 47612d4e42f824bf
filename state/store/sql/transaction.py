"""One open transaction, as the repositories see it: statements in, rows out, on both databases."""

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
_HOLD = Prepared(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)))
)


class Transaction:
    """What is `Prepared` takes its values by name, and may take a shorter way to the driver."""

    __slots__ = ("_connection", "_dialect", "_holds", "recorded")

    def __init__(self, connection: AsyncConnection, *, writes: bool) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._holds = writes and self._dialect.name == POSTGRESQL
        self.recorded: list[Recorded] = []
        """What will be news once it is committed."""

    async def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute, once or for each of `rows`; a lost race comes out as StaleStateError."""
        with lost_races_are_stale():
            return await self._connection.execute(statement, rows)

    @property
    def holds(self) -> bool:
        """Whether holding means anything here."""
        return self._holds

    async def rows(
        self, statement: Prepared, values: Mapping[str, Any], *, held: bool = False
    ) -> Sequence[AnyRow]:
        core = statement.statement(self._dialect.name, held=held)
        return (await self.run(core, [values])).all()

    async def count(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        """How many rows were inserted, updated or deleted."""
        return (await self.run(statement.statement(self._dialect.name), [values])).rowcount

    async def changed(self, statement: Executable | Prepared, **values: Any) -> bool:
        """Execute; whether any row was inserted, updated or deleted."""
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
        """For what knows only plain connections, such as migrations."""
        return await self._connection.run_sync(work)

    def insert(self, table: Table) -> Upsert:
        """An INSERT that knows ON CONFLICT, which the two dialects spell alike."""
        return insert_for(self._dialect.name)(table)

    async def hold(self, name: str) -> None:
        """Keep others who hold the same name waiting until this transaction is over.

        For what is read now and written upon later. Only PostgreSQL needs it: on SQLite a unit
        of work has the whole database to itself. Whoever only reads holds nothing up.
        """
        if self._holds:
            await self.first(_HOLD, name=name)

    async def first_held(self, statement: Prepared, **values: Any) -> AnyRow | None:
        """As `first`, and holds the row in the same way."""
        return next(iter(await self.rows(statement, values, held=self._holds)), None)
