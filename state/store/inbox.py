"""Updates as they came in: each kept once, handled in the order of its lane, then emptied."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from state.model.work import Incoming
from state.ports import StaleStateError
from state.store.connections import Connections
from state.store.rows import reading_row
from state.store.tables import inbox as t
from state.store.tables.work import WorkState
from state.store.transaction import AnyRow, Transaction


class SqlInbox:
    """Fills the port `Inbox`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next(self, lane: str) -> Incoming | None:
        """The lane is held until the end of the transaction: another process waits for it."""
        await self._transaction.hold(f"inbox:{lane}")
        waiting = select(t).where(t.c.lane == lane, t.c.done_at.is_(None))
        row = await self._transaction.first(waiting.order_by(t.c.update_id).limit(1))
        return None if row is None else _to_incoming(row)

    async def done(self, row: Incoming, at: datetime) -> None:
        await self._leave(row, state=WorkState.DONE.value, done_at=at, payload=None)

    async def failed(self, row: Incoming, reason: str) -> None:
        await self._leave(row, tries=row.tries + 1, reason=reason)

    async def set_aside(self, row: Incoming, at: datetime, reason: str) -> None:
        await self._leave(row, state=WorkState.GIVEN_UP.value, done_at=at, reason=reason)

    async def _leave(self, row: Incoming, **values: Any) -> None:
        waiting = (t.c.update_id == row.update_id) & t.c.done_at.is_(None)
        if not await self._transaction.changed(update(t).where(waiting).values(values)):
            message = f"update {row.update_id} was handled by another process"
            raise StaleStateError(message)


class SqlInboxDoor:
    """Fills the port `InboxDoor`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        if not rows:
            return frozenset()
        async with self._connections.writing() as transaction:
            insert = transaction.insert(t).on_conflict_do_nothing().returning(t.c.lane)
            stored = await transaction.run(insert, [_to_row(row) for row in rows])
            return frozenset(stored.scalars())

    async def waiting_lanes(self, before: datetime | None = None) -> frozenset[str]:
        waiting = select(t.c.lane).where(t.c.done_at.is_(None)).distinct()
        if before is not None:
            waiting = waiting.where(t.c.received_at < before)
        async with self._connections.reading() as transaction:
            return frozenset(row.lane for row in await transaction.all(waiting))


def _to_row(row: Incoming) -> dict[str, Any]:
    return {
        "update_id": row.update_id,
        "lane": row.lane,
        "payload": row.payload,
        "received_at": row.received_at,
        "state": WorkState.PENDING.value,
        "tries": row.tries,
    }


def _to_incoming(row: AnyRow) -> Incoming:
    with reading_row("inbox", row.update_id):
        return Incoming(
            update_id=row.update_id,
            lane=row.lane,
            payload=row.payload,
            received_at=row.received_at,
            tries=row.tries,
        )
