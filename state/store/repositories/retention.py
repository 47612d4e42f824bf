"""Retention: deletes expired rows in batches."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, false, literal, select, tuple_, update

from state.model.account import FreelancerId
from state.model.work import EraseTraces
from state.ports.retention import RetentionLimits
from state.store.queues.tasks import kind_of
from state.store.sql.transaction import Transaction
from state.store.tables import (
    audit_event,
    call_session,
    call_turn,
    hand_over,
    inbox,
    link_guess,
    link_offer,
    number_binding,
    outbox,
    provider_event,
    sign_in_link,
    ticket,
    verification_ledger,
    visit,
)
from state.store.tables.work import WorkState

_ERASURE: Final = kind_of(EraseTraces())


class SqlRetention:
    """Implements the port `Upkeep`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def drop_pending(self, lane: str) -> None:
        pending = (outbox.c.lane == lane) & outbox.c.done_at.is_(None)
        await self._transaction.run(delete(outbox).where(pending))

    async def erase_traces(self, *, lane: str | None, subject: FreelancerId | None) -> None:
        """Keys are matched by whole parts between colons, so that no id matches within another."""
        over = outbox.c.done_at.is_not(None) | (outbox.c.kind == _ERASURE)
        key = literal(":") + outbox.c.key + literal(":")
        named = key.contains(f":{subject}:", autoescape=True) if subject else false()
        await self._transaction.run(
            delete(outbox).where(
                over & ((outbox.c.lane == lane) | (named & outbox.c.done_at.is_not(None)))
            )
        )
        handled = (inbox.c.lane == lane) & inbox.c.done_at.is_not(None)
        nameless = {"lane": "", "state": WorkState.DONE.value, "payload": None, "reason": None}
        await self._transaction.run(update(inbox).where(handled).values(nameless))

    async def delete_expired(self, since: RetentionLimits, *, limit: int) -> bool:
        more = False
        for table, old in _old(since):
            keys = list(table.primary_key)
            some = select(*keys).where(old).order_by(*keys).limit(limit)
            gone = await self._transaction.run(delete(table).where(tuple_(*keys).in_(some)))
            more |= gone.rowcount == limit
        return more


def _old(since: RetentionLimits) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    over = select(call_session.c.id).where(call_session.c.ended_at < since.handled)
    done = outbox.c.state == WorkState.DONE.value
    yield call_turn, call_turn.c.session_id.in_(over)
    yield provider_event, provider_event.c.received_at < since.handled
    handled = inbox.c.state == WorkState.DONE.value
    yield inbox, (handled & (inbox.c.done_at < since.handled)) | (inbox.c.done_at < since.ended)
    yield outbox, (done & (outbox.c.done_at < since.handled)) | (outbox.c.done_at < since.ended)
    yield call_session, call_session.c.ended_at < since.ended
    yield audit_event, audit_event.c.at < since.told
    entry = verification_ledger.c
    unlocked = entry.locked_until.is_(None) | (entry.locked_until <= since.locked)
    yield verification_ledger, (entry.at <= since.counted) & unlocked
    yield number_binding, number_binding.c.until <= since.locked
    yield link_offer, link_offer.c.expires_at < since.handled
    yield ticket, ticket.c.closed_at < since.talked
    yield link_guess, link_guess.c.guessed_at <= since.guessed
    yield hand_over, hand_over.c.asked_at <= since.guessed
    yield sign_in_link, sign_in_link.c.expires_at < since.signed_in
    yield visit, visit.c.seen_at < since.signed_in
