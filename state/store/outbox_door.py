"""Finds what can be delivered now: the head of each lane, however much was delivered before."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, exists, func, or_, select, update

from state.model.work import OutboxRow, Queue
from state.ports import ImpossibleRowError, Loss
from state.store.connections import Connections
from state.store.prepared import Prepared
from state.store.rows import reading_row
from state.store.tables import outbox as t
from state.store.tables.work import WorkState
from state.store.tasks import to_task
from state.store.transaction import AnyRow, Transaction

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
"""Walks the pending rows in order of age and stops at the limit.

A row that is not due yet holds nobody up; one that is to be tried again later does.
"""


class SqlOutboxDoor:
    """Fills the port `OutboxDoor`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._unreadable: dict[Queue, dict[int, datetime]] = {}
        """Since when."""

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        busy_lanes: Collection[str],
        queue: Queue = Queue.CHATS,
    ) -> Sequence[OutboxRow]:
        most = limit + len(busy_lanes)  # of a busy lane no more than its head is found
        async with self._connections.reading(near=True) as transaction:
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
        async with self._connections.reading(near=True) as transaction:
            rows = await transaction.all(wanted)
        return [found for row in rows if (found := _read(row)) is not None]

    async def _put_aside(self, queue: Queue, unreadable: Sequence[int], now: datetime) -> None:
        """Once no process of another version has taken them for a minute; the words are kept."""
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
        await self._connections.write_near(put_aside)

    async def losses(self, queue: Queue) -> Sequence[Loss]:
        lost = (t.c.queue == queue.value) & (t.c.state == WorkState.GIVEN_UP.value)
        async with self._connections.reading(near=True) as transaction:
            rows = await transaction.all(select(t).where(lost).order_by(t.c.id))
        return [_to_loss(row) for row in rows]


def _to_loss(row: AnyRow) -> Loss:
    return Loss(at=row.done_at, reason=row.reason or "")


def _read(row: AnyRow) -> OutboxRow | None:
    """A row that this version cannot read waits, with its lane, for a minute: another may.

    All other lanes go on: one bad row must not silence the desk.
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
