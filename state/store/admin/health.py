"""Health check of the database, and its backlog, for monitoring."""

import asyncio
import os
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from state.model.work import Queue
from state.ports import Backlog, WaitingRows
from state.store.admin.revision import check_revision
from state.store.database import Database
from state.store.sql.connections import application_name
from state.store.sql.errors import DatabaseTooNewError, StoreError
from state.store.tables import inbox, outbox

PATIENCE: Final = 2.0
"""Timeout in seconds, below that of the monitoring that asks."""
READ_ONLY: Final = (
    "the database takes no writes: its server is a standby, or it or its disk was set read-only"
)


async def trouble(database: Database, patience: float = PATIENCE) -> str | None:
    """What is wrong with the database, in a sentence; None if it takes writes and its tables fit.

    Tables of a later version are fine while a newer process replaces this one.
    """
    try:
        async with asyncio.timeout(patience):
            await check_revision(database)
            if not await database.is_writable():
                return READ_ONLY
    except DatabaseTooNewError:
        return None
    except TimeoutError:
        return f"the database did not answer in {patience:g} s"
    except StoreError as error:
        return str(error)
    except (SQLAlchemyError, OSError) as error:
        return f"the database fails: {type(error).__name__}"
    return None


async def backlog(database: Database, now: datetime) -> Backlog:
    """Count waiting rows; the cost depends on their number only, not on finished ones."""
    updates = select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None))
    tasks = (
        select(outbox.c.queue, func.count(), func.min(outbox.c.due_at))
        .where(outbox.c.done_at.is_(None), outbox.c.due_at <= now)
        .group_by(outbox.c.queue)
    )
    async with database.connections.reading() as transaction:
        waiting = await transaction.first(updates)
        due = {row[0]: WaitingRows(row[1], row[2]) for row in await transaction.all(tasks)}
    return Backlog(
        inbox=WaitingRows(*waiting) if waiting else WaitingRows(0, None),
        outbox={queue: due.get(queue.value, WaitingRows(0, None)) for queue in Queue},
    )


async def other_processes(database: Database) -> int:
    """Number of other desk processes connected to a PostgreSQL database."""
    theirs = text(
        "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE :any"
        " AND application_name <> :own"
    )
    ours = {"any": application_name("%"), "own": application_name(os.getpid())}
    async with database.connections.reading() as transaction:
        found = await transaction.run(theirs.bindparams(**ours))
        return int(found.scalar_one())
