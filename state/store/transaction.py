"""One open transaction, as the repositories see it: statements in, rows out, on both databases."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Executable, Row, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

from state.model.question import Question
from state.ports import AuditEvent
from state.store.races import lost_races_are_stale

T = TypeVar("T")

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
Upsert: TypeAlias = sqlite.Insert | postgresql.Insert
Recorded: TypeAlias = AuditEvent | Question


class Transaction:
    __slots__ = ("_connection", "_holds", "_on_postgresql", "recorded")

    def __init__(self, connection: AsyncConnection, *, writes: bool) -> None:
        self._connection = connection
        self._on_postgresql = connection.dialect.name == "postgresql"
        self._holds = writes and self._on_postgresql
        self.recorded: list[Recorded] = []
        """What will be news once it is committed."""

    async def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute, once or for each of `rows`; a lost race comes out as StaleStateError."""
        with lost_races_are_stale():
            return await self._connection.execute(statement, rows)

    async def changed(self, statement: Executable) -> bool:
        """Execute; whether any row was inserted, updated or deleted."""
        return (await self.run(statement)).rowcount > 0

    async def first(self, statement: AnySelect) -> AnyRow | None:
        return (await self.run(statement)).first()

    async def all(self, statement: AnySelect) -> Sequence[AnyRow]:
        return (await self.run(statement)).all()

    async def value(self, statement: AnySelect) -> Any:
        """The only column of the first row; None if there is no row."""
        return (await self.run(statement)).scalar()

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """For what knows only plain connections, such as migrations."""
        return await self._connection.run_sync(work)

    def insert(self, table: Table) -> Upsert:
        """An INSERT that knows ON CONFLICT, which the two dialects spell alike."""
        return postgresql.insert(table) if self._on_postgresql else sqlite.insert(table)

    async def hold(self, name: str) -> None:
        """Keep others who hold the same name waiting until this transaction is over.

        For what is read now and written upon later. Only PostgreSQL needs it: on SQLite a unit
        of work has the whole database to itself. Whoever only reads holds nothing up.
        """
        if self._holds:
            key = func.hashtextextended(name, 0)
            await self.run(select(func.pg_advisory_xact_lock(key)))

    async def first_held(self, statement: AnySelect) -> AnyRow | None:
        """As `first`, and holds the row in the same way."""
        return await self.first(statement.with_for_update() if self._holds else statement)
