"""The database: runs units of work, and again when a version check failed."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import literal, select, text

from state.ports import ReadUnit, Recorded, StaleStateError, UnitOfWork
from state.store.queues.inbox import SqlInboxQueue
from state.store.queues.outbox import SqlOutboxQueue
from state.store.sql.connections import Connections, open_engine
from state.store.sql.errors import outages_are_named
from state.store.sql.group_commit import PATIENCE
from state.store.sql.locks import SharedClaims, SoleClaims, exclusive_process_lock
from state.store.sql.transaction import Transaction
from state.store.tables import audit_event
from state.store.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

MOST_TRIES: Final = 100
PATIENT_TRIES: Final = 3
"""After so many conflicts, concurrent writers pause for random times to spread out."""
LONGEST_PAUSE: Final = 0.05


def _no_listener(_: Sequence[Recorded]) -> None:
    """Default listener: ignores the records."""


class Database:
    """A database with its queues and locks; runs units of work."""

    def __init__(self, connections: Connections, jitter: Callable[[], float], tries: int) -> None:
        self.connections = connections
        self.inbox_queue = SqlInboxQueue(connections)
        self.outbox_queue = SqlOutboxQueue(connections)
        self.claims = (
            SoleClaims()
            if connections.takes_one_writer
            else SharedClaims(connections.engine, connections.server)
        )
        self._jitter = jitter
        self.concurrency = 1 if connections.takes_one_writer else 2
        """Number of units of work worth running in parallel; more would only queue."""
        self._tries = tries
        self.on_commit: Callable[[Sequence[Recorded]], None] = _no_listener
        """Called after a commit with the audit events and questions it added."""

    async def transact(
        self,
        work: Callable[[UnitOfWork], Awaitable[T]],
        *,
        heavy: bool = False,
        may_wait: bool = False,
    ) -> T:
        """Implements the port `Transact`. `work` may run repeatedly: it must have no side effects.

        `heavy`: it takes longer than some milliseconds, so on SQLite it runs in a thread.
        `may_wait`: no caller waits for the result, so it may wait to share the next commit.
        """
        for lost in range(1, self._tries):
            try:
                return await self._once(work, heavy=heavy, may_wait=may_wait)
            except StaleStateError:
                await self._pause(lost)
        return await self._once(work, heavy=heavy, may_wait=may_wait)

    async def read(self, work: Callable[[ReadUnit], Awaitable[T]], *, heavy: bool = False) -> T:
        """Implements the port `Read`: reads the committed state without waiting for writers."""
        async with self.connections.reading(heavy=heavy) as transaction:
            return await work(SqlUnitOfWork(transaction))

    async def truncate_wal(self) -> bool:
        """Truncate SQLite's write-ahead log, which may hold pages with erased data.

        False while a reader still uses it. PostgreSQL needs none of this: vacuum does it.
        """
        if not self.connections.takes_one_writer:
            return True
        async with self.connections.reading(heavy=True) as transaction:
            busy = (await transaction.run(text("PRAGMA wal_checkpoint(TRUNCATE)"))).scalar_one()
        return not busy

    async def _once(
        self, work: Callable[[UnitOfWork], Awaitable[T]], *, heavy: bool, may_wait: bool
    ) -> T:
        async def carried_out(transaction: Transaction) -> tuple[T, Transaction]:
            return await work(SqlUnitOfWork(transaction)), transaction

        with outages_are_named():
            result, transaction = await self.connections.write(
                carried_out, heavy=heavy, patience=PATIENCE if may_wait else None
            )
        self._tell(transaction)
        return result

    def _tell(self, committed: Transaction) -> None:
        if committed.recorded:
            self.on_commit(committed.recorded)

    async def _pause(self, lost: int) -> None:
        """Pause before a rerun on PostgreSQL, where writers collide; on SQLite they queue."""
        if lost > PATIENT_TRIES and not self.connections.takes_one_writer:
            await asyncio.sleep(min(LONGEST_PAUSE, 0.002 * lost) * self._jitter())

    @property
    def is_shared(self) -> bool:
        """Whether several processes may use the database."""
        return not self.connections.takes_one_writer

    @property
    def exists(self) -> bool:
        """False for an SQLite file that does not exist yet: opening would create it."""
        return self.is_shared or Path(str(self.connections.engine.url.database)).exists()

    @contextmanager
    def process_lock(self) -> Iterator[None]:
        """DatabaseInUseError if another process runs and the database serves only one."""
        with (
            nullcontext()
            if self.is_shared
            else exclusive_process_lock(self.connections.engine.url)
        ):
            yield

    async def ping(self) -> None:
        """DatabaseUnreachableError unless the database answers."""
        async with self.connections.reading() as transaction:
            await transaction.value(select(literal(1)))

    async def is_writable(self) -> bool:
        """Whether the database can be written to; a connection to a read-only server is replaced.

        False for an SQLite file on a file system that became read-only, too.
        """
        if not self.is_shared:
            return _is_writable(Path(str(self.connections.engine.url.database)))
        for _ in range(2):  # the second time on a new connection
            async with self.connections.reading() as transaction:
                shown = await transaction.run(text("SHOW transaction_read_only"))
            if shown.scalar_one() == "off":
                return True
            self.connections.server.replace_connections()
        return False

    async def latest_event_at(self) -> datetime | None:
        """When the latest line was added to the audit trail."""
        line = audit_event.c
        async with self.connections.reading() as transaction:
            newest = select(line.at).order_by(line.id.desc()).limit(1)
            moment: datetime | None = await transaction.value(newest)
        return moment

    async def close(self) -> None:
        await self.claims.close()
        await self.connections.close()


def _is_writable(file: Path) -> bool:
    """Whether an SQLite file can be changed; its log lies in the same folder."""
    return all(os.access(one, os.W_OK) for one in (file, file.absolute().parent))


def open_database(
    url: str, *, jitter: Callable[[], float] = random.random, tries: int = MOST_TRIES
) -> Database:
    """Open a database, connecting on first use; a bad URL or missing folder raises at once."""
    return Database(Connections(open_engine(url)), jitter, tries)
