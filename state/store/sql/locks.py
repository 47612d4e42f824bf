"""Advisory locks between processes, released when the process that holds them ends."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from state.ports import DatabaseDownError
from state.store.sql.errors import DatabaseInUseError
from state.store.sql.failover import POOLED, ServerChange
from state.store.sql.files import make_private

log = logging.getLogger(__name__)

_KEEP = text(
    "SELECT set_config(name, CASE WHEN name LIKE '%_timeout' THEN '0'"
    " WHEN name = 'tcp_keepalives_count' THEN '3' ELSE '10' END, false)"
    " FROM pg_settings WHERE name LIKE 'tcp_keepalives_%' OR name IN"
    " ('idle_session_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')"
)
"""TCP keepalive: the locks of a host that vanished are released within a minute.

No time limit of the server ends a session that holds locks.
"""
_CLAIM = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS name"
    " WHERE pg_try_advisory_lock(hashtextextended(name, 1))"
    " UNION ALL SELECT '' WHERE pg_is_in_recovery()"
    " OR current_setting('transaction_read_only')::boolean"
)
_READ_ONLY: Final = ""
"""Row of `_CLAIM` besides the names: this server is read-only, so others claim on another."""
_RELEASE = text(
    "SELECT pg_advisory_unlock(hashtextextended(name, 1))"
    " FROM unnest(CAST(:names AS text[])) AS name"
)
_JOIN = text("SELECT pg_advisory_lock_shared(:space, 0)")
_COUNT = text(
    "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
    " AND classid = :space AND objid = 0 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""Counts the processes: each holds this shared lock for the life of its connection."""
_SPACE = 7_011


class SoleClaims:
    """Claims on a database used by one process only: every claim succeeds."""

    async def claim(self, names: Collection[str]) -> frozenset[str]:
        return frozenset(names)

    async def release(self, names: Collection[str]) -> None:
        """Nothing to do: no other process waits."""

    def holds(self, name: str) -> bool:  # noqa: ARG002 - whatever it is
        return True

    async def process_count(self) -> int:
        return 1

    async def close(self) -> None:
        """Nothing to do: nothing is open."""


class SharedClaims:
    """Claims as PostgreSQL advisory locks, on a connection of their own; no row is written.

    They belong to the database session. A pooler in transaction mode keeps one for as long as a
    transaction lasts, so behind such a one the connection never ends its transaction.
    """

    def __init__(self, engine: AsyncEngine, server: ServerChange) -> None:
        pooled = engine.get_execution_options().get(POOLED, False)
        self._engine = engine if pooled else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._server = server
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()
        self._turn = asyncio.Lock()

    async def claim(self, names: Collection[str]) -> frozenset[str]:
        """Try to take locks. Queries even if all are held: the connection may be lost."""
        async with self._turn:
            ours = await self._ask(_CLAIM, names=sorted(set(names) - self._held))
            if _READ_ONLY in ours:
                self._server.replace_connections()
                await self._drop()
                raise DatabaseDownError("the server is read-only")
            self._held |= set(ours)
            return frozenset(self._held.intersection(names))

    async def release(self, names: Collection[str]) -> None:
        """Release locks; on a broken connection they are released already."""
        async with self._turn:
            held = sorted(self._held.intersection(names))
            self._held.difference_update(held)
            if held:
                with contextlib.suppress(OSError, DBAPIError):
                    await self._ask(_RELEASE, names=held)

    def holds(self, name: str) -> bool:
        return name in self._held

    async def process_count(self) -> int:
        async with self._turn:
            return int((await self._ask(_COUNT, space=_SPACE))[0])

    async def close(self) -> None:
        """Close the session, which releases all its locks."""
        async with self._turn:
            await self._drop()

    async def _ask(self, statement: TextClause, **values: object) -> list[str]:
        try:
            connection = self._connection or await self._connect()
            rows = await connection.execute(statement, values)
            return [str(name) for name in rows.scalars()]
        except (OSError, DBAPIError):
            log.warning("claims are lost with their connection")
            await self._drop()
            raise

    async def _connect(self) -> AsyncConnection:
        connection = await self._engine.connect()
        await connection.execute(_KEEP)
        await connection.execute(_JOIN, {"space": _SPACE})
        self._connection = connection
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _: self._lost(connection))
        return connection

    def _lost(self, connection: AsyncConnection) -> None:
        """Called when the server closes the connection: work under a claim must stop."""
        if connection is self._connection:
            self._held.clear()

    async def _drop(self) -> None:
        self._held.clear()
        if self._connection is not None:
            dropped, self._connection = self._connection, None
            await dropped.invalidate()
            await dropped.close()


SUFFIX: Final = "-run"
"""Suffix of the lock file beside the database; it stays, empty, locked while a process runs."""


@contextmanager
def exclusive_process_lock(url: URL) -> Iterator[None]:
    """Hold an exclusive lock on an SQLite database; DatabaseInUseError if a process holds it.

    It is a lock of SQLite itself, so it works wherever SQLite does, and ends with the process.
    Commands that only read, or import, don't need it.
    """
    file = Path(f"{url.database}{SUFFIX}")
    make_private(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as gate:
        gate.execute("PRAGMA busy_timeout = 0")
        try:
            gate.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            message = (
                f"another process runs on {url.database}: stop it first, or use PostgreSQL, "
                "which serves as many processes as you start"
            )
            raise DatabaseInUseError(message) from None
        yield
