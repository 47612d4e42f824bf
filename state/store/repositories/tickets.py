"""Tickets, saved with a version check."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.question import Fault, Outcome
from state.model.staff import StaffId
from state.model.ticket import (
    Asked,
    Closed,
    HandOver,
    Resolution,
    Taken,
    Ticket,
    TicketId,
    TicketState,
    Waiting,
)
from state.ports import StaleStateError
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import from_milliseconds, reading_row, to_milliseconds
from state.store.tables import ticket as t
from state.store.tables.tickets import TicketKind

_LAST = Prepared(select(t).where(t.c.chat_id == bindparam("of")).order_by(t.c.id.desc()).limit(1))


class SqlTickets:
    """Implements the port `Tickets`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, ticket: Ticket) -> Ticket:
        insert = self._transaction.insert(t).values(_to_row(ticket)).returning(t.c.id)
        number = (await self._transaction.run(insert)).scalar_one()
        return replace(ticket, id=TicketId(number), version=ticket.version + 1)

    async def get(self, ticket_id: TicketId) -> Ticket | None:
        row = await self._transaction.first(select(t).where(t.c.id == ticket_id))
        return None if row is None else _to_ticket(row)

    async def last(self, chat_id: ChatId) -> Ticket | None:
        row = await self._transaction.first(_LAST, of=chat_id)
        return None if row is None else _to_ticket(row)

    async def save(self, ticket: Ticket) -> None:
        seen = (t.c.id == ticket.id) & (t.c.version == ticket.version)
        if not await self._transaction.changed(update(t).where(seen).values(_to_row(ticket))):
            raise StaleStateError(f"ticket {ticket.id}")

    async def open(self) -> Sequence[Ticket]:
        return await self._all(t.c.closed_at.is_(None), order=t.c.waiting_since)

    async def since(self, moment: datetime) -> Sequence[Ticket]:
        return await self._all(t.c.opened_at >= moment, order=t.c.opened_at)

    async def of_chat(self, chat_id: ChatId) -> Sequence[Ticket]:
        return await self._all(t.c.chat_id == chat_id, order=t.c.id)

    async def erase(self, chat_id: ChatId) -> None:
        await self._transaction.run(delete(t).where(t.c.chat_id == chat_id))

    async def of_freelancer(self, freelancer_id: FreelancerId) -> Sequence[Ticket]:
        return await self._all(t.c.freelancer_id == freelancer_id, order=t.c.id)

    async def erase_of(self, freelancer_id: FreelancerId) -> None:
        await self._transaction.run(delete(t).where(t.c.freelancer_id == freelancer_id))

    async def _all(
        self, which: ColumnElement[bool], *, order: ColumnElement[Any]
    ) -> Sequence[Ticket]:
        rows = await self._transaction.all(select(t).where(which).order_by(order, t.c.id))
        return [_to_ticket(row) for row in rows]


def _to_row(ticket: Ticket) -> dict[str, Any]:
    return {
        "chat_id": ticket.chat_id,
        "freelancer_id": ticket.freelancer_id,
        "caller": ticket.caller,
        "language": ticket.language,
        "reason": ticket.reason.value,
        "asked": [_to_json(one) for one in ticket.asked],
        "opened_at": ticket.opened_at,
        "waiting_since": ticket.waiting_since,
        **_state_row(ticket.state),
        "taken_from": ticket.taken_from,
        "first_reply_at": ticket.first_reply_at,
        "reopened": ticket.reopened,
        "solved": ticket.solved,
        "passing_told": ticket.passing_told,
        "version": ticket.version + 1,
    }


_NO_STATE = dict.fromkeys(("taken_by", "taken_at", "closed_at", "closed_by", "resolution"))


def _state_row(state: TicketState) -> dict[str, Any]:
    match state:
        case Waiting():
            return {**_NO_STATE, "state": TicketKind.WAITING.value}
        case Taken(by, at):
            return {
                **_NO_STATE,
                "state": TicketKind.TAKEN.value,
                "taken_by": by,
                "taken_at": at,
            }
        case Closed(at, how, by):
            return {
                **_NO_STATE,
                "state": TicketKind.CLOSED.value,
                "closed_at": at,
                "closed_by": by,
                "resolution": how.value,
            }
        case _:
            assert_never(state)


def _to_state(row: AnyRow) -> TicketState:
    kind = TicketKind(row.state)
    match kind:
        case TicketKind.WAITING:
            return Waiting()
        case TicketKind.TAKEN:
            return Taken(StaffId(row.taken_by), row.taken_at)
        case TicketKind.CLOSED:
            by = None if row.closed_by is None else StaffId(row.closed_by)
            return Closed(row.closed_at, Resolution(row.resolution), by)
        case _:
            assert_never(kind)


def _to_ticket(row: AnyRow) -> Ticket:
    with reading_row("ticket", row.id):
        return Ticket(
            id=TicketId(row.id),
            chat_id=ChatId(row.chat_id),
            freelancer_id=None if row.freelancer_id is None else FreelancerId(row.freelancer_id),
            caller=row.caller,
            language=row.language,
            reason=HandOver(row.reason),
            asked=tuple(_to_asked(one) for one in row.asked),
            opened_at=row.opened_at,
            waiting_since=row.waiting_since,
            state=_to_state(row),
            taken_from=None if row.taken_from is None else StaffId(row.taken_from),
            first_reply_at=row.first_reply_at,
            reopened=row.reopened,
            solved=row.solved,
            passing_told=row.passing_told,
            version=row.version,
        )


def _to_json(asked: Asked) -> dict[str, Any]:
    return {
        "words": asked.words,
        "outcome": asked.outcome.value,
        "slug": asked.slug,
        "score": asked.score,
        "at": to_milliseconds(asked.at),
        "helpful": asked.helpful,
        "fault": asked.fault.value if asked.fault else None,
    }


def _to_asked(one: dict[str, Any]) -> Asked:
    return Asked(
        words=one["words"],
        outcome=Outcome(one["outcome"]),
        slug=one["slug"],
        score=one["score"],
        at=from_milliseconds(one["at"]),
        helpful=one["helpful"],
        fault=Fault(one["fault"]) if one["fault"] else None,
    )
