"""Connections for reading and writing, opened as each database requires."""

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
from state.store.sql.failover import POOLED, ServerChange
from state.store.sql.files import OpenFile, make_private
from state.store.sql.group_commit import GroupCommit, Result, Work, grouped
from state.store.sql.postgres_address import PostgresAddress, postgres_address
from state.store.sql.sqlite_inline import InlineSqlite
from state.store.sql.transaction import Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

SQLITE: Final = "sqlite+aiosqlite"
POSTGRESQL: Final = "postgresql+asyncpg"
READS: Final = "helpdesk_reads"


class Connections:
    """Connection pool, with a queue for writers where the database allows only one.

    On SQLite only heavy work uses the pool's threads; the rest runs in the event loop's thread.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.takes_one_writer = engine.dialect.name == "sqlite"
        self._readers = engine.execution_options(**{READS: True})
        self._turn = asyncio.Lock()
        self._file = OpenFile(Path(str(engine.url.database))) if self.takes_one_writer else None
        self._inline = (
            InlineSqlite(engine.url, _prepare, BUSY_SECONDS) if self.takes_one_writer else None
        )
        self._group = GroupCommit(
            self._inline.write if self._inline else self._write_group, self._turn
        )
        self._bare = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.server = ServerChange(engine)

    async def write(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        heavy: bool = False,
        patience: float | None = None,
    ) -> T:
        """Run work in a transaction; it is committed on return, possibly in a group commit.

        `patience`: seconds the work may wait for another commit to join. PostgreSQL has spare
        connections, so there only work with a `patience` (even 0) shares a commit.
        """
        self._check_file()
        if not heavy and (self._inline is not None or patience is not None):
            return await self._group.run(work, patience=patience or 0.0)
        async with self.writing() as transaction:
            return await work(transaction)

    async def _write_group(self, works: Sequence[Work]) -> Sequence[Result]:
        """Group commit on PostgreSQL: one transaction for all; if any work fails, one for each."""
        try:
            async with self.writing() as transaction:
                return [
                    (result, None)
                    for group in grouped(works)
                    for result in await group(transaction)
                ]
        except Exception:
            if len(works) == 1:
                raise
            log.debug("%s works are done one by one", len(works), exc_info=True)
        return [await self._write_one(work) for work in works]

    async def _write_one(self, work: Work) -> Result:
        try:
            async with self.writing() as transaction:
                return await work(transaction), None
        except Exception as error:  # noqa: BLE001 - raised where its result is waited for
            return None, error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """A transaction for the block: committed at its end, rolled back if the block raises."""
        self._check_file()
        if self._inline is None:
            with self.server.watching():
                async with (
                    self._connection(self._bare) as connection,
                    _write_transaction(connection) as one,
                ):
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
        """A read-only transaction on the committed state; it waits for no writer."""
        self._check_file()
        if self._inline is not None and not heavy:
            async with self._inline.reading() as transaction:
                yield transaction
        elif self.takes_one_writer:
            async with self._connection(self._readers) as connection:
                yield Transaction(connection, writes=False)
        else:
            async with self._connection(self._bare) as connection:
                yield await _read_transaction(connection)

    def _check_file(self) -> None:
        """DatabaseUnreachableError if SQLite's file was deleted or replaced."""
        if self._file is not None:
            self._file.check()

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


def _write_transaction(connection: AsyncConnection) -> AbstractAsyncContextManager[Transaction]:
    from state.store.sql.postgres_direct import write_transaction  # noqa: PLC0415 - its driver isn't loaded for SQLite

    return write_transaction(connection)


async def _read_transaction(connection: AsyncConnection) -> Transaction:
    from state.store.sql.postgres_direct import read_transaction  # noqa: PLC0415 - as above

    return await read_transaction(connection)


def application_name(process: int | str) -> str:
    """`application_name` in `pg_stat_activity` of that process's connections."""
    return f"helpdesk {process}"


def open_engine(url: str) -> AsyncEngine:
    """SQLAlchemy engine for a URL; BadUrlError or DatabaseUnreachableError if unusable."""
    parsed = parsed_url(url)
    if parsed.drivername == SQLITE:
        return _open_sqlite(parsed)
    if parsed.drivername == POSTGRESQL:
        return _open_postgres(postgres_address(parsed))
    message = f"{parsed.drivername}:// is not supported; use {SQLITE}:// or {POSTGRESQL}://"
    raise BadUrlError(message)


def parsed_url(url: str) -> URL:
    """Parse a URL. BadUrlError, without the password, if that is impossible."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # its text may quote the password
        message = (
            f"not a database address; expected {SQLITE}:///FILE or {POSTGRESQL}://…, "
            "with special characters of a password escaped, such as @ as %40"
        )
        raise BadUrlError(message) from None
    if "@" in f"{parsed.host}{parsed.database}":
        raise BadUrlError("it has more than one @: escape those of the password as %40")
    return parsed


def _open_postgres(address: PostgresAddress) -> AsyncEngine:
    arguments: dict[str, Any] = dict(address.arguments)
    settings = {"application_name": application_name(os.getpid())}
    own = arguments.pop("server_settings", {})
    return create_async_engine(
        address.url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,  # after a server restart: one round trip instead of a failed turn
        connect_args={**arguments, "server_settings": {**own, **settings}},
        execution_options={POOLED: address.pooled},
    )


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
    # No isolation level: the driver begins no transaction by itself, `_begin` does.
    engine = create_async_engine(
        url, connect_args={"isolation_level": None, "timeout": BUSY_SECONDS}
    )
    event.listen(engine.sync_engine, "do_connect", lambda *_: make_private(file))
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Set the pragmas that SQLite needs on each connection; WAL persists, but asking is cheap.

    synchronous=FULL: Telegram is told "stored" right after a commit, and a wrong code is counted
    once; a power cut must undo neither, which NORMAL allows in WAL mode.
    secure_delete=ON: erased data must not remain readable in free pages of the file.
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
    """BEGIN IMMEDIATE for writers: a unit of work reads before it writes.

    With a plain BEGIN, two of them would both read, and one of them fail on its first write.
    """
    reads = connection.get_execution_options().get(READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
