"""Inbox table: each update is stored once, handled in its lane's order, then emptied."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, any_, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from state.model.work import Incoming
from state.ports import StaleStateError
from state.store.sql.compiled import Prepared
from state.store.sql.connections import Connections
from state.store.sql.group_commit import BulkWork
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row, to_milliseconds
from state.store.tables import inbox as t
from state.store.tables.work import WorkState

_WAITING = (
    select(t).where(t.c.lane == bindparam("of"), t.c.done_at.is_(None)).order_by(t.c.update_id)
)
MOST_HEADS = 8
"""Most updates of a lane that are read for one turn: the messages of one question."""
_NEXT = Prepared(_WAITING.limit(MOST_HEADS))
_HEADS = Prepared(
    # Locks are taken in the order given, so that two processes cannot deadlock.
    text(
        "WITH held AS MATERIALIZED (SELECT lane, pg_advisory_xact_lock("
        "hashtextextended('inbox:' || lane, 0)) FROM unnest(CAST(:lanes AS text[])) AS lane)"
        " SELECT found.* FROM held, LATERAL (SELECT update_id, lane, payload, received_at, tries"
        " FROM inbox WHERE inbox.lane = held.lane AND done_at IS NULL"
        " ORDER BY update_id LIMIT :most) AS found"
    )
    .bindparams(
        bindparam("lanes", type_=ARRAY(Text), required=True),
        bindparam("most", type_=Integer, required=True),
    )
    .columns(t.c.update_id, t.c.lane, t.c.payload, t.c.received_at, t.c.tries)
)
_LANES = Prepared(
    select(t.c.lane).where(t.c.done_at.is_(None), t.c.received_at < bindparam("before")).distinct()
)
LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than any update received."""
_DONE = Prepared(
    update(t).where(t.c.update_id == bindparam("which"), t.c.done_at.is_(None)),
    sets=("state", "done_at", "payload"),
)
_ALL_DONE = Prepared(
    update(t).where(
        t.c.update_id == any_(bindparam("which", type_=ARRAY(BigInteger))), t.c.done_at.is_(None)
    ),
    sets=("state", "done_at", "payload"),
)
_STORE = Prepared(
    lambda insert: insert(t).on_conflict_do_nothing().returning(t.c.update_id),
    sets=("update_id", "lane", "payload", "received_at", "state", "tries"),
)


_STORE_MANY = Prepared(
    text(
        "INSERT INTO inbox (update_id, lane, payload, received_at, state, tries)"
        " SELECT update_id, lane, payload, received_at, 'pending', 0"
        " FROM unnest(CAST(:ids AS bigint[]), CAST(:lanes AS text[]), CAST(:payloads AS text[]),"
        " CAST(:moments AS bigint[])) AS new(update_id, lane, payload, received_at)"
        " ORDER BY update_id ON CONFLICT DO NOTHING RETURNING update_id"
    )
    .bindparams(
        bindparam("ids", type_=ARRAY(BigInteger), required=True),
        bindparam("lanes", type_=ARRAY(Text), required=True),
        bindparam("payloads", type_=ARRAY(Text), required=True),
        bindparam("moments", type_=ARRAY(BigInteger), required=True),
    )
    .columns(t.c.update_id)
)


class SqlInbox:
    """Implements the port `Inbox`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def heads(self, lanes: Sequence[str]) -> Sequence[Incoming]:
        if self._transaction.takes_locks:
            rows = await self._transaction.all(_HEADS, lanes=sorted(lanes), most=MOST_HEADS)
            return [_to_incoming(row) for row in rows]
        return [
            _to_incoming(row)
            for lane in lanes
            for row in await self._transaction.all(_NEXT, of=lane)
        ]

    async def done(self, rows: Sequence[Incoming], at: datetime) -> None:
        if self._transaction.takes_locks:
            which = [row.update_id for row in rows]
            left = await self._transaction.count(_ALL_DONE, {"which": which, **_done(at)})
        else:
            done = [{"which": row.update_id, **_done(at)} for row in rows]
            left = sum([await self._transaction.count(_DONE, each) for each in done])
        self._count(len(rows), left)

    async def failed(self, row: Incoming, reason: str) -> None:
        await self._leave(row, tries=row.tries + 1, reason=reason)

    async def set_aside(self, row: Incoming, at: datetime, reason: str) -> None:
        await self._leave(row, state=WorkState.GIVEN_UP.value, done_at=at, reason=reason)

    async def _leave(self, row: Incoming, **values: Any) -> None:
        waiting = (t.c.update_id == row.update_id) & t.c.done_at.is_(None)
        left = await self._transaction.run(update(t).where(waiting).values(values))
        self._count(1, left.rowcount)

    def _count(self, expected: int, changed: int) -> None:
        if changed != expected:
            raise StaleStateError("an update was handled by another process")


class SqlInboxQueue:
    """Implements the port `InboxDoor`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        if not rows:
            return frozenset()
        new = await self._connections.write(BulkWork(_store, rows), patience=0.0)
        return frozenset(row.lane for row in rows if row.update_id in new)

    async def waiting_lanes(self, before: datetime | None = None) -> frozenset[str]:
        async with self._connections.reading() as transaction:
            rows = await transaction.all(_LANES, before=before or LAST)
            return frozenset(row.lane for row in rows)


async def _store(
    transaction: Transaction, batches: Sequence[Sequence[Incoming]]
) -> Sequence[frozenset[int]]:
    """Store batches of updates in one statement; returns the ids that are new, for each batch."""
    rows = {row.update_id: row for batch in batches for row in batch}.values()
    if transaction.takes_locks:  # one round trip for all
        found = await transaction.all(
            _STORE_MANY,
            ids=[row.update_id for row in rows],
            lanes=[row.lane for row in rows],
            payloads=[row.payload for row in rows],
            moments=[to_milliseconds(row.received_at) for row in rows],
        )
        new = {row.update_id for row in found}
    else:
        stored = [await transaction.value(_STORE, **_to_row(row)) for row in rows]
        new = {one for one in stored if one is not None}
    return [frozenset(new.intersection(row.update_id for row in batch)) for batch in batches]


def _done(at: datetime) -> dict[str, Any]:
    return {"state": WorkState.DONE.value, "done_at": at, "payload": None}


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
