"""In-memory inbox and outbox, and the two doors of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from state.model.work import Incoming, NewReply, OutboxRow, Queue, Task, queue_of
from state.ports import Loss, StaleStateError
from tests.memory.tables import InboxEntry, OutboxEntry, Tables


@dataclass(frozen=True, slots=True)
class MemoryOutbox:
    tables: Tables
    must_wake: bool = True

    async def add(
        self, task: Task, *, lane: str, key: str, due_at: datetime, replace: bool = False
    ) -> None:
        held = self.tables.outbox.get(key)
        if held is not None and not (replace and held.open):
            return
        number = len(self.tables.outbox) + 1 if held is None else held.row.id
        row = OutboxRow(id=number, lane=lane, key=key, task=task, due_at=due_at)
        self.tables.outbox[key] = OutboxEntry(row=row)

    async def has(self, key: str) -> bool:
        return key in self.tables.outbox

    async def drop(self, key: str) -> None:
        held = self.tables.outbox.get(key)
        if held is not None and held.open:
            del self.tables.outbox[key]

    async def add_replies(self, replies: Sequence[NewReply]) -> Sequence[OutboxRow]:
        fresh = [one for one in replies if one.key not in self.tables.outbox]
        for one in fresh:
            await self.add(one.task, lane=one.lane, key=one.key, due_at=one.due_at)
        return [self.tables.outbox[one.key].row for one in fresh]

    async def unfinished_before(
        self, row_id: int, lanes: Collection[str], now: datetime
    ) -> Mapping[str, frozenset[int]]:
        rows = [entry.row for entry in self.tables.outbox.values() if entry.open]
        due = [row for row in rows if row.id < row_id and row.due_at <= now]
        found = {lane: frozenset(row.id for row in due if row.lane == lane) for lane in lanes}
        return {lane: ids for lane, ids in found.items() if ids}

    async def finish(self, row: OutboxRow, at: datetime) -> None:
        self._change(row, open=False)

    async def retry(self, row: OutboxRow, *, not_before: datetime, reason: str) -> None:
        tried = replace(row, tries=row.tries + 1)
        self.tables.outbox[row.key] = OutboxEntry(row=tried, not_before=not_before, reason=reason)

    async def give_up(self, row: OutboxRow, *, at: datetime, reason: str) -> None:
        self._change(row, open=False, reason=reason, given_up_at=at)

    def _change(self, row: OutboxRow, **values: Any) -> None:
        self.tables.outbox[row.key] = replace(self.tables.outbox[row.key], **values)


@dataclass(frozen=True, slots=True)
class MemoryInbox:
    tables: Tables

    async def heads(self, lanes: Sequence[str]) -> Sequence[Incoming]:
        waiting = [entry.row for entry in self.tables.inbox.values() if entry.open]
        waiting.sort(key=lambda row: row.update_id)
        return [row for lane in lanes for row in [one for one in waiting if one.lane == lane][:8]]

    async def done(self, rows: Sequence[Incoming], at: datetime) -> None:
        for row in rows:
            held = self.tables.inbox[row.update_id]
            if not held.open:
                raise StaleStateError(f"update {row.update_id} is done")
            emptied = replace(held.row, payload="")
            self.tables.inbox[row.update_id] = replace(held, row=emptied, open=False)

    async def failed(self, row: Incoming, reason: str) -> None:
        held = self.tables.inbox[row.update_id]
        tried = replace(held.row, tries=held.row.tries + 1)
        self.tables.inbox[row.update_id] = replace(held, row=tried, reason=reason)

    async def set_aside(self, row: Incoming, at: datetime, reason: str) -> None:
        held = self.tables.inbox[row.update_id]
        self.tables.inbox[row.update_id] = replace(held, open=False, reason=reason)


class Committed(Protocol):
    """Where the rows are that everybody sees."""

    tables: Tables


@dataclass(frozen=True, slots=True)
class MemoryInboxDoor:
    committed: Committed

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        tables = self.committed.tables.copy()
        new = [row for row in rows if row.update_id not in tables.inbox]
        tables.inbox.update({row.update_id: InboxEntry(row=row) for row in new})
        self.committed.tables = tables
        return frozenset(row.lane for row in new)

    async def waiting_lanes(self, before: datetime | None = None) -> frozenset[str]:
        return frozenset(
            entry.row.lane
            for entry in self.committed.tables.inbox.values()
            if entry.open and (before is None or entry.row.received_at < before)
        )


@dataclass(frozen=True, slots=True)
class MemoryOutboxDoor:
    committed: Committed

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        busy_lanes: Collection[str],
        queue: Queue = Queue.CHATS,
    ) -> Sequence[OutboxRow]:
        ready = [
            entry.row
            for entry in self._heads(now)
            if queue_of(entry.row.task) is queue
            and entry.row.lane not in busy_lanes
            and (entry.not_before or now) <= now
        ]
        return ready[:limit]

    async def due_in(
        self, lanes: Collection[str], now: datetime, *, depth: int
    ) -> Sequence[OutboxRow]:
        due = [e.row for e in self._open() if e.row.due_at <= now and e.row.lane in lanes]
        return [
            row
            for row in due
            if sum(one.lane == row.lane and one.id < row.id for one in due) < depth
        ]

    async def losses(self, queue: Queue) -> Sequence[Loss]:
        return [
            Loss(at=entry.given_up_at, reason=entry.reason or "")
            for entry in self.committed.tables.outbox.values()
            if entry.given_up_at is not None and queue_of(entry.row.task) is queue
        ]

    def _open(self) -> list[OutboxEntry]:
        return sorted(
            (entry for entry in self.committed.tables.outbox.values() if entry.open),
            key=lambda entry: entry.row.id,
        )

    def _heads(self, now: datetime) -> list[OutboxEntry]:
        heads: dict[str, OutboxEntry] = {}
        for entry in self._open():
            if entry.row.due_at <= now:
                heads.setdefault(entry.row.lane, entry)
        return list(heads.values())
