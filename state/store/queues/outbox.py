"""Outbox table: tasks committed together with their cause, and the result of each delivery."""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    any_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from state.model.work import NewReply, OutboxRow, Queue, Task, queue_of
from state.ports import ImpossibleRowError, Loss
from state.store.queues.tasks import kind_of, to_payload, to_task
from state.store.sql.compiled import Prepared
from state.store.sql.connections import Connections
from state.store.sql.errors import outages_are_named
from state.store.sql.group_commit import PATIENCE, BulkWork
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import JsonText, reading_row, to_milliseconds
from state.store.tables import outbox as t
from state.store.tables.work import WorkState

_ADD = Prepared(
    lambda insert: insert(t).on_conflict_do_nothing(index_elements=[t.c.key]).returning(t.c.id),
    sets=("queue", "lane", "key", "kind", "payload", "due_at", "state", "tries"),
)
_ADD_MANY = Prepared(
    text(
        "INSERT INTO outbox (queue, lane, key, kind, payload, due_at, state, tries)"
        " SELECT 'chats', lane, key, 'send_reply', payload, due_at, 'pending', 0"
        " FROM unnest(CAST(:lanes AS text[]), CAST(:keys AS text[]), CAST(:payloads AS text[]),"
        " CAST(:moments AS bigint[])) WITH ORDINALITY AS new(lane, key, payload, due_at, place)"
        " ORDER BY place ON CONFLICT (key) DO NOTHING RETURNING id, key"
    )
    .bindparams(
        bindparam("lanes", type_=ARRAY(Text), required=True),
        bindparam("keys", type_=ARRAY(Text), required=True),
        bindparam("payloads", type_=ARRAY(JsonText), required=True),
        bindparam("moments", type_=ARRAY(BigInteger), required=True),
    )
    .columns(t.c.id, t.c.key)
)
_OPEN = select(t.c.id, t.c.lane).where(
    t.c.done_at.is_(None), t.c.due_at <= bindparam("now"), t.c.id < bindparam("before")
)
_OPEN_IN = Prepared(_OPEN.where(t.c.lane == bindparam("of")))
_OPEN_IN_ANY = Prepared(
    _OPEN.where(t.c.lane == any_(bindparam("lanes", type_=ARRAY(Text), required=True)))
)
_FINISH = Prepared(
    update(t).where(t.c.id == bindparam("which"), t.c.done_at.is_(None)),
    sets=("state", "done_at", "payload"),
)


_FINISH_MANY = Prepared(
    update(t).where(
        t.c.id == any_(bindparam("which", type_=ARRAY(BigInteger), required=True)),
        t.c.done_at.is_(None),
    ),
    sets=("state", "done_at", "payload"),
)


class SqlOutbox:
    """Implements the port `Outbox`."""

    __slots__ = ("_transaction", "must_wake")

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.must_wake = False

    async def add(
        self, task: Task, *, lane: str, key: str, due_at: datetime, replace: bool = False
    ) -> None:
        """Add a task. A replaced task loses its id, so no worker can finish the new one by it."""
        if replace:
            await self.drop(key)
        await self._add(task, lane, key, due_at)
        self.must_wake = True

    async def add_replies(self, replies: Sequence[NewReply]) -> Sequence[OutboxRow]:
        ids = await self._ids(replies) if replies else {}
        return [
            OutboxRow(
                id=ids[one.key],
                lane=one.lane,
                key=one.key,
                task=one.task,
                due_at=one.due_at,
                heard_now=True,
            )
            for one in replies
            if one.key in ids
        ]

    async def _ids(self, replies: Sequence[NewReply]) -> Mapping[str, int]:
        """Insert replies; returns key → row id of those that are new."""
        if not self._transaction.takes_locks:
            added = {
                one.key: await self._add(one.task, one.lane, one.key, one.due_at)
                for one in replies
            }
            return {key: row_id for key, row_id in added.items() if row_id is not None}
        rows = await self._transaction.all(
            _ADD_MANY,
            lanes=[one.lane for one in replies],
            keys=[one.key for one in replies],
            payloads=[to_payload(one.task) for one in replies],
            moments=[to_milliseconds(one.due_at) for one in replies],
        )
        return {row.key: row.id for row in rows}

    async def _add(self, task: Task, lane: str, key: str, due_at: datetime) -> int | None:
        row_id: int | None = await self._transaction.value(
            _ADD,
            queue=queue_of(task).value,
            lane=lane,
            key=key,
            kind=kind_of(task),
            payload=to_payload(task),
            due_at=due_at,
            state=WorkState.PENDING.value,
            tries=0,
        )
        return row_id

    async def unfinished_before(
        self, row_id: int, lanes: Collection[str], now: datetime
    ) -> Mapping[str, frozenset[int]]:
        if self._transaction.takes_locks:
            rows = await self._transaction.all(
                _OPEN_IN_ANY, lanes=sorted(lanes), before=row_id, now=now
            )
        else:
            rows = [
                row
                for lane in lanes
                for row in await self._transaction.all(_OPEN_IN, of=lane, before=row_id, now=now)
            ]
        found: defaultdict[str, set[int]] = defaultdict(set)
        for row in rows:
            found[row.lane].add(row.id)
        return {lane: frozenset(ids) for lane, ids in found.items()}

    async def has(self, key: str) -> bool:
        return await self._transaction.value(select(t.c.id).where(t.c.key == key)) is not None

    async def drop(self, key: str) -> None:
        held = (t.c.key == key) & t.c.done_at.is_(None)
        await self._transaction.run(delete(t).where(held))

    async def finish(self, row: OutboxRow, at: datetime) -> None:
        await _finish(self._transaction, [(row.id, at)])

    async def retry(self, row: OutboxRow, *, not_before: datetime, reason: str) -> None:
        await self._change(row, tries=row.tries + 1, not_before=not_before, reason=reason)

    async def give_up(self, row: OutboxRow, *, at: datetime, reason: str) -> None:
        state = WorkState.GIVEN_UP.value
        await self._change(row, state=state, done_at=at, payload=None, reason=reason)

    async def _change(self, row: OutboxRow, **values: Any) -> None:
        pending = (t.c.id == row.id) & t.c.done_at.is_(None)
        await self._transaction.run(update(t).where(pending).values(values))


logger = logging.getLogger(__name__)


UNREADABLE_FOR = timedelta(minutes=1)
_EARLIER = t.alias("earlier")
DUE = Prepared(
    select(t)
    .where(
        t.c.done_at.is_(None),
        t.c.queue == bindparam("within"),
        t.c.due_at <= bindparam("now"),
        or_(t.c.not_before.is_(None), t.c.not_before <= bindparam("now")),
        ~exists().where(
            _EARLIER.c.done_at.is_(None),
            _EARLIER.c.lane == t.c.lane,
            _EARLIER.c.id < t.c.id,
            _EARLIER.c.due_at <= bindparam("now"),
        ),
    )
    .order_by(t.c.id)
    .limit(bindparam("most", type_=Integer))
)
"""Scans the pending rows, oldest first, up to the limit.

A row not due yet does not block its lane; one waiting for its next try does.
"""


class SqlOutboxQueue:
    """Implements the port `OutboxDoor`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._unreadable: dict[Queue, dict[int, datetime]] = {}
        """Row id → when it was first found unreadable."""

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        busy_lanes: Collection[str],
        queue: Queue = Queue.CHATS,
    ) -> Sequence[OutboxRow]:
        most = limit + len(busy_lanes)  # the query finds at most the head of a busy lane
        async with self._connections.reading() as transaction:
            rows = await transaction.all(DUE, now=now, most=most, within=queue.value)
        heads = [row for row in rows if row.lane not in busy_lanes][:limit]
        found = {row.id: _read(row) for row in heads}
        await self._put_aside(queue, [one for one, row in found.items() if row is None], now)
        return [row for row in found.values() if row is not None]

    async def due_in(
        self, lanes: Collection[str], now: datetime, *, depth: int
    ) -> Sequence[OutboxRow]:
        place = func.row_number().over(partition_by=t.c.lane, order_by=t.c.id).label("place")
        ranked = (
            select(t, place)
            .where(t.c.done_at.is_(None), t.c.due_at <= now, t.c.lane.in_(sorted(lanes)))
            .subquery()
        )
        wanted = select(ranked).where(ranked.c.place <= depth).order_by(ranked.c.id)
        async with self._connections.reading() as transaction:
            rows = await transaction.all(wanted)
        return [found for row in rows if (found := _read(row)) is not None]

    async def _put_aside(self, queue: Queue, unreadable: Sequence[int], now: datetime) -> None:
        """Give up rows that no version of the program has read for a minute; payloads stay."""
        known = self._unreadable.get(queue, {})
        self._unreadable[queue] = since = {one: known.get(one, now) for one in unreadable}
        late = [one for one, moment in since.items() if now - moment >= UNREADABLE_FOR]
        if not late:
            return
        left = {"state": WorkState.GIVEN_UP.value, "done_at": now, "reason": "not readable"}
        pending = t.c.id.in_(late) & t.c.done_at.is_(None)

        async def put_aside(transaction: Transaction) -> None:
            await transaction.run(update(t).where(pending).values(left))

        logger.error("%s rows of the outbox can't be read and are put aside", len(late))
        await self._connections.write(put_aside, patience=0.0)

    async def finish(self, row: OutboxRow, at: datetime, *, may_wait: bool = False) -> None:
        """Mark a row as delivered; returns once that is committed.

        `may_wait`: it may wait to share the next commit.
        """
        work = BulkWork(_finish, (row.id, at))
        with outages_are_named():
            await self._connections.write(work, patience=PATIENCE if may_wait else 0.0)

    async def losses(self, queue: Queue) -> Sequence[Loss]:
        lost = (t.c.queue == queue.value) & (t.c.state == WorkState.GIVEN_UP.value)
        async with self._connections.reading() as transaction:
            rows = await transaction.all(select(t).where(lost).order_by(t.c.id))
        return [_to_loss(row) for row in rows]


async def _finish(
    transaction: Transaction, rows: Sequence[tuple[int, datetime]]
) -> Sequence[None]:
    """Mark delivered rows, given as id and moment; together they get the latest moment."""
    done = {
        "state": WorkState.DONE.value,
        "done_at": max(at for _, at in rows),
        "payload": None,
    }
    if transaction.takes_locks and len(rows) > 1:  # one round trip for all
        await transaction.count(_FINISH_MANY, {"which": [each for each, _ in rows], **done})
    else:
        for each, _ in rows:
            await transaction.count(_FINISH, {"which": each, **done})
    return [None] * len(rows)


def _to_loss(row: AnyRow) -> Loss:
    return Loss(at=row.done_at, reason=row.reason or "")


def _read(row: AnyRow) -> OutboxRow | None:
    """Parse a row. An unreadable one waits a minute with its lane: another version may read it.

    All other lanes continue, so that one bad row cannot stop deliveries.
    """
    try:
        return _to_outbox_row(row)
    except ImpossibleRowError:
        logger.exception("left in the outbox")
        return None


def _to_outbox_row(row: AnyRow) -> OutboxRow:
    with reading_row("outbox", row.id):
        return OutboxRow(
            id=row.id,
            lane=row.lane,
            key=row.key,
            task=to_task(row.kind, row.payload),
            due_at=row.due_at,
            tries=row.tries,
        )
