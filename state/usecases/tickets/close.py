"""Close a ticket: by staff, or by the freelancer who returns to the bot."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.chat import ChatId
from state.model.staff import Staff
from state.model.ticket import Resolution, Ticket, TicketId
from state.model.work import CallerNews, GroupNews
from state.ports import Clock, UnitOfWork
from state.rules.tickets import NotOpen, closed, is_open, left_by_freelancer
from state.usecases.tickets.effects import (
    actor_of,
    audit,
    close_topic,
    show_packet,
    tell_caller,
    tell_group,
)
from state.usecases.tickets.hold import HoldOutcome, NoTicket
from state.usecases.tickets.owner import changed_hands


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTicket:
    """Staff close a ticket; the freelancer is told, and asked whether the matter is solved."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, ticket_id: TicketId, by: Staff) -> HoldOutcome:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        now = self.clock.now()
        changed = closed(ticket, by, Resolution.BY_STAFF, now=now)
        if not isinstance(changed, Ticket):
            return changed
        saved = await save_closed(self.unit, changed, now=now, actor=actor_of(by))
        await tell_caller(self.unit, saved, CallerNews.CLOSED, now=now)
        await tell_group(self.unit, saved, GroupNews.CLOSED, now=now, by=by.id)
        await close_topic(self.unit, saved, now=now)
        return saved


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveTicket:
    """The freelancer closes the ticket by returning to the bot."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId) -> Ticket | NotOpen:
        ticket = await self.unit.tickets.last(chat_id)
        if ticket is None:
            return NotOpen()
        now = self.clock.now()
        changed = left_by_freelancer(ticket, now=now)
        if isinstance(changed, NotOpen):
            return changed
        saved = await save_closed(self.unit, changed, now=now, actor="chat")
        await tell_group(self.unit, saved, GroupNews.LEFT, now=now)
        await close_topic(self.unit, saved, now=now)
        return saved


@dataclass(frozen=True, slots=True, kw_only=True)
class SayWhetherSolved:
    """Record the freelancer's answer on a closed ticket; False if it is open or not theirs."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, ticket_id: TicketId, *, solved: bool) -> bool:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None or ticket.chat_id != chat_id or is_open(ticket):
            return False
        if await changed_hands(self.unit, ticket):
            return False
        if ticket.solved is not solved:
            now = self.clock.now()
            await self.unit.tickets.save(replace(ticket, solved=solved))
            saved = replace(ticket, solved=solved, version=ticket.version + 1)
            await show_packet(self.unit, saved, now=now)
        return True


async def save_closed(unit: UnitOfWork, ticket: Ticket, *, now: datetime, actor: str) -> Ticket:
    """Save a closed ticket with audit line and summary; returns it as stored."""
    await unit.tickets.save(ticket)
    saved = replace(ticket, version=ticket.version + 1)
    await audit(unit, saved, "closed", actor=actor, now=now)
    await show_packet(unit, saved, now=now)
    return saved
