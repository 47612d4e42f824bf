"""SQLite in the event loop's own thread: a statement takes microseconds, a thread switch more.

Only the commit, which waits for the disk, runs in a thread. Long work uses the pool instead.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Executable, NullPool, create_engine, event
from sqlalchemy.engine import URL, CursorResult

from state.store.sql.compiled import Compiled, Prepared
from state.store.sql.connecting import connected
from state.store.sql.errors import (
    DatabaseUnreachableError,
    lost_races_are_stale,
    raise_if_stale,
    sqlite_is_busy,
)
from state.store.sql.files import make_private
from state.store.sql.group_commit import Result, Work, WorkGroup, grouped
from state.store.sql.transaction import AnyRow, Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE: Final = 0.02
"""Seconds between two tries to begin while another process writes."""


class InlineSqlite:
    """One connection for writing, used by one writer at a time, and a growing set for reading."""

    def __init__(self, url: URL, prepare: Callable[[Any, object], None], patience: float) -> None:
        self._url = url
        self._engine = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            poolclass=NullPool,
            connect_args={
                "isolation_level": None,
                "timeout": patience,
                "check_same_thread": False,
            },
        )
        file = Path(str(url.database))
        event.listen(self._engine, "do_connect", lambda *_: make_private(file))
        event.listen(self._engine, "connect", prepare)
        self._tries = int(patience / PAUSE)
        self._writer: Connection | None = None
        self._readers: list[Connection] = []

    async def write(self, works: Sequence[Work]) -> Sequence[Result]:
        """Run works in one commit; one that raises is rolled back alone, its error is its result.

        The caller makes sure that no other writer of this process runs.
        """
        writer = self._writer = self._writer or await self._connected()
        raw = _raw(writer)
        await self._begin(raw)
        try:
            results = [
                result
                for group in grouped(works)
                for result in await _grouped(InlineTransaction(writer, raw), raw, group)
            ]
            with lost_races_are_stale():
                await _commit(raw)
        finally:
            _end(writer, raw)
        return results

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        reader = self._readers.pop() if self._readers else await self._connected()
        raw = _raw(reader)
        raw.execute("BEGIN")
        try:
            yield InlineTransaction(reader, raw)
        finally:
            _end(reader, raw)
            self._readers.append(reader)

    async def _connected(self) -> Connection:
        async def connect() -> Connection:
            return self._engine.connect()

        return await connected(self._url, connect)

    async def _begin(self, raw: sqlite3.Connection) -> None:
        raw.execute("PRAGMA busy_timeout = 0")  # waiting here would block the event loop
        for _ in range(self._tries):
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not sqlite_is_busy(error):
                    raise
                await asyncio.sleep(PAUSE)
            else:
                return
        raise DatabaseUnreachableError("another process keeps the database; is a copy being made?")

    def close(self) -> None:
        for connection in (self._writer, *self._readers):
            if connection is not None:
                connection.close()
        self._writer = None
        self._readers.clear()


class InlineTransaction(Transaction):
    """A transaction on SQLite whose statements run in the event loop's thread."""

    __slots__ = ("_here", "_raw")

    def __init__(self, connection: Connection, raw: sqlite3.Connection) -> None:
        self._here = connection
        self._raw = raw
        self._dialect = connection.dialect
        self._takes_locks = False
        self.recorded = []

    async def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        with lost_races_are_stale():
            return self._here.execute(statement, rows)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        return work(self._here)

    async def rows(
        self, statement: Prepared, values: Mapping[str, Any], *, for_update: bool = False
    ) -> Sequence[AnyRow]:
        compiled = statement.compiled(self._dialect, for_update=for_update)
        return compiled.rows(self._executed(compiled, values))

    async def count(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        compiled = statement.compiled(self._dialect)
        return self._executed(compiled, values).rowcount

    def _executed(self, compiled: Compiled, values: Mapping[str, Any]) -> sqlite3.Cursor:
        try:
            return self._raw.execute(compiled.text, compiled.values(values))
        except sqlite3.Error as error:
            raise_if_stale(error)
            raise


def _raw(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"not a connection to SQLite: {driver!r}")
    return driver


async def _grouped(
    transaction: Transaction, raw: sqlite3.Connection, group: WorkGroup
) -> Sequence[Result]:
    """Run the works of a group as one, or each alone if that fails."""
    results, failed = await _saved(transaction, raw, group)
    if failed is None:
        return [(result, None) for result in results]
    if len(group.works) == 1:
        return [(None, failed)]
    return [await _saved(transaction, raw, work) for work in group.works]


async def _saved(transaction: Transaction, raw: sqlite3.Connection, work: Work) -> Result:
    raw.execute("SAVEPOINT work")
    try:
        result: Result = (await work(transaction), None)
    except Exception as error:
        log.debug("a work is undone: %s", error, exc_info=True)
        raw.execute("ROLLBACK TO work")
        result = (None, error)
    raw.execute("RELEASE work")
    return result


async def _commit(raw: sqlite3.Connection) -> None:
    """Commit in a thread. If cancelled meanwhile, return only once the commit is finished."""
    committing = asyncio.get_running_loop().run_in_executor(None, raw.execute, "COMMIT")
    try:
        await asyncio.shield(committing)
    finally:
        if not committing.done():
            await asyncio.wait([committing])


def _end(connection: Connection, raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        raw.execute("ROLLBACK")
    if connection.in_transaction():
        connection.rollback()  # Core's transaction object; the driver's has ended
