"""Opens connections the way each database wants it, for one writer or many readers."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from state.store.sql.connecting import BUSY_SECONDS, connected
from state.store.sql.errors import (
    BadUrlError,
    DatabaseUnreachableError,
    lost_races_are_stale,
)
from state.store.sql.files import make_private
from state.store.sql.group_commit import GroupCommit, Result, Work
from state.store.sql.sqlite_inline import InlineSqlite
from state.store.sql.transaction import Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

SQLITE: Final = "sqlite+aiosqlite"
POSTGRESQL: Final = "postgresql+asyncpg"
READS: Final = "helpdesk_reads"


class Connections:
    """A pool, with a queue in front of it where the database takes one writer at a time.

    On SQLite only what is heavy goes by the pool's threads.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.takes_one_writer = engine.dialect.name == "sqlite"
        self._readers = engine.execution_options(**{READS: True})
        self._turn = asyncio.Lock()
        self._inline = (
            InlineSqlite(engine.url, _prepare, BUSY_SECONDS) if self.takes_one_writer else None
        )
        self._group = GroupCommit(
            self._inline.write if self._inline else self._write_together, self._turn
        )
        self._bare = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def write(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        heavy: bool = False,
        patience: float | None = None,
    ) -> T:
        """Committed when it returns, together with what else waits.

        `patience`: seconds that it may wait for the next commit. PostgreSQL has connections to
        spare, so there only what may wait, if for 0 seconds, shares a commit.
        """
        if not heavy and (self._inline is not None or patience is not None):
            return await self._group.run(work, patience=patience or 0.0)
        async with self.writing() as transaction:
            return await work(transaction)

    async def _write_together(self, works: Sequence[Work]) -> Sequence[Result]:
        """On PostgreSQL: all in one transaction, or, where one of them fails, each in its own."""
        try:
            async with self.writing() as transaction:
                return [(await work(transaction), None) for work in works]
        except Exception:
            if len(works) == 1:
                raise
            log.debug("%s works are done one by one", len(works), exc_info=True)
        return [await self._alone(work) for work in works]

    async def _alone(self, work: Work) -> Result:
        try:
            async with self.writing() as transaction:
                return await work(transaction), None
        except Exception as error:  # noqa: BLE001 - raised where its result is waited for
            return None, error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Committed at the end of the block, rolled back if the block raises."""
        if self._inline is None:
            async with self._connection(self._bare) as connection, _begun(connection) as one:
                yield one
        else:
            async with self._turn, self._connection(self.engine) as connection:
                with lost_races_are_stale():
                    await connection.begin()
                yield Transaction(connection, writes=True)
                with lost_races_are_stale():
                    await connection.commit()

    @asynccontextmanager
    async def reading(self, *, heavy: bool = False) -> AsyncIterator[Transaction]:
        """Sees what is committed, waits for no writer, and leaves nothing behind."""
        if self._inline is not None and not heavy:
            async with self._inline.reading() as transaction:
                yield transaction
        elif self.takes_one_writer:
            async with self._connection(self._readers) as connection:
                yield Transaction(connection, writes=False)
        else:
            async with self._connection(self._bare) as connection:
                yield await _looking(connection)

    async def close(self) -> None:
        if self._inline is not None:
            self._inline.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def _connection(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        connection = await connected(engine.url, lambda: engine.connect().start())
        try:
            yield connection
        finally:
            await asyncio.shield(connection.close())


def _begun(connection: AsyncConnection) -> AbstractAsyncContextManager[Transaction]:
    from state.store.sql.postgres_direct import begun  # noqa: PLC0415 - its driver isn't loaded for SQLite

    return begun(connection)


async def _looking(connection: AsyncConnection) -> Transaction:
    from state.store.sql.postgres_direct import looking  # noqa: PLC0415 - as above

    return await looking(connection)


def name_of(process: int | str) -> str:
    """What `pg_stat_activity` calls the connections of that process."""
    return f"helpdesk {process}"


def open_engine(url: str) -> AsyncEngine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        message = f"not a database address; expected {SQLITE}:///FILE or {POSTGRESQL}://…"
        raise BadUrlError(message) from error
    if parsed.drivername == SQLITE:
        return _open_sqlite(parsed)
    if parsed.drivername == POSTGRESQL:
        return create_async_engine(
            parsed,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,  # a restarted server costs a round trip, not a turn
            connect_args={"server_settings": {"application_name": name_of(os.getpid())}},
        )
    message = f"{parsed.drivername}:// is not supported; use {SQLITE}:// or {POSTGRESQL}://"
    raise BadUrlError(message)


def _open_sqlite(url: URL) -> AsyncEngine:
    if url.database in {None, "", ":memory:"}:
        message = f"{SQLITE}:// needs a file: a database in memory forgets what it promised"
        raise BadUrlError(message)
    file = Path(str(url.database)).absolute()
    if not file.parent.is_dir():
        message = f"the folder {file.parent} of the database does not exist; create it first"
        raise DatabaseUnreachableError(message)
    if file.is_dir():
        message = f"{file} is a folder; name a file in it, such as {file / 'helpdesk.db'}"
        raise BadUrlError(message)
    # No isolation level: the driver then begins nothing by itself, and `_begin` does.
    engine = create_async_engine(
        url, connect_args={"isolation_level": None, "timeout": BUSY_SECONDS}
    )
    event.listen(engine.sync_engine, "do_connect", lambda *_: make_private(file))
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Set what SQLite forgets with each connection; WAL is remembered, asking for it is cheap.

    synchronous=FULL: the messenger hears "stored" right after a commit, and a wrong code is
    counted by one; neither may be undone by a power cut, which NORMAL allows in WAL mode.
    secure_delete=ON: what somebody had erased is not to be read off the free pages of the file.
    """
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A unit of work reads before it writes, so it takes the write lock at once.

    With a plain BEGIN, two of them would both read, and one of them fail on its first write.
    """
    reads = connection.get_execution_options().get(READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
