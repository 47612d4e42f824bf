"""What the database holds in the end, and at each kill, read through a connection of its own."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, text

from state.store import tables
from state.store.database import Database
from state.store.sql.connections import application_name
from state.store.sql.transaction import AnyRow, AnySelect

outbox, inbox, audit = tables.outbox, tables.inbox, tables.audit_event


@dataclass(frozen=True, slots=True)
class Ledger:
    database: Database

    async def hears_the_dead_out(self) -> None:
        """Until the server has done what a process asked of it before it died.

        A commit that was on its way is carried out all the same; on SQLite it died with it.
        """
        if not self.database.is_shared:
            return
        others = (
            select(func.count())
            .select_from(text("pg_stat_activity"))
            .where(
                text("datname = current_database() AND application_name LIKE 'helpdesk %'"),
                text("application_name <> :own").bindparams(own=application_name(os.getpid())),
            )
        )
        async with asyncio.timeout(30):
            while (await self.rows(others))[0][0]:  # noqa: ASYNC110 - another process's affair
                await asyncio.sleep(0.01)

    async def waiting(self, now: datetime) -> list[str]:
        """Updates not handled and tasks not carried out that should be."""
        late = outbox.c.done_at.is_(None) & (outbox.c.due_at <= now)
        updates = await self.rows(select(inbox.c.lane).where(inbox.c.done_at.is_(None)))
        tasks = await self.rows(select(outbox.c.key).where(late))
        return [row[0] for row in (*updates, *tasks)]

    async def failed(self) -> list[str]:
        """What was tried in vain, put aside or given up."""
        updates = select(inbox.c.reason).where(or_(inbox.c.tries > 0, inbox.c.state == "given_up"))
        tasks = select(outbox.c.reason).where(outbox.c.state == "given_up")
        return [row[0] for row in (*await self.rows(updates), *await self.rows(tasks))]

    async def given_up(self) -> list[str]:
        """What was put aside or given up."""
        updates = select(inbox.c.reason).where(inbox.c.state == "given_up")
        tasks = select(outbox.c.reason).where(outbox.c.state == "given_up")
        return [row[0] for row in (*await self.rows(updates), *await self.rows(tasks))]

    async def updates(self) -> int:
        return len(await self.rows(select(inbox.c.update_id)))

    async def told(self) -> Counter[str]:
        """Messages sent and marked as sent, by lane; edits are none."""
        is_message = or_(
            outbox.c.kind.in_(["send_reply", "show_progress"]), outbox.c.key.endswith(":fresh")
        )
        sent = select(outbox.c.lane).where(is_message, outbox.c.state == "done")
        return _counted(await self.rows(sent))

    async def audited(self, kind: str) -> Counter[str]:
        """Lines of that kind, by freelancer."""
        return _counted(await self.rows(select(audit.c.subject).where(audit.c.kind == kind)))

    async def completed(self, step: str) -> Counter[str]:
        done = tables.completion
        return _counted(await self.rows(select(done.c.freelancer_id).where(done.c.step == step)))

    async def sessions(self) -> Counter[str]:
        return _counted(await self.rows(select(tables.call_session.c.freelancer_id)))

    async def locked_for(self) -> dict[str, timedelta]:
        """From the last wrong code to the end of the lock, by freelancer."""
        entry, call = tables.verification_ledger.c, tables.call_session.c
        locks = select(call.freelancer_id, entry.locked_until, audit.c.at).where(
            entry.locked_until.is_not(None),
            call.id == entry.session_id,
            audit.c.subject == call.freelancer_id,
            audit.c.kind == "call.locked",
        )
        return {row[0]: row[1] - row[2] for row in await self.rows(locks)}

    async def rows(self, query: AnySelect) -> Sequence[AnyRow]:
        async with self.database.connections.reading() as transaction:
            return await transaction.all(query)


def _counted(rows: Sequence[AnyRow]) -> Counter[str]:
    return Counter(row[0] for row in rows)
