"""Take, release and annotate a ticket; one member of staff at a time holds it."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from state.model.staff import Staff
from state.model.ticket import Ticket, TicketId, TicketNote
from state.model.work import CallerNews, GroupNews
from state.ports import Clock, UnitOfWork
from state.rules.codes import secret_hash
from state.rules.tickets import (
    HeldByOther,
    NotOpen,
    OwnerChanged,
    ReplyRequired,
    is_open,
    released,
    taken,
)
from state.usecases.tickets.effects import actor_of, audit, show_packet, tell_caller, tell_group
from state.usecases.tickets.owner import changed_hands


@dataclass(frozen=True, slots=True)
class NoTicket:
    """No ticket with this id exists (any more)."""


HoldOutcome: TypeAlias = Ticket | HeldByOther | ReplyRequired | NotOpen | OwnerChanged | NoTicket


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTicket:
    """Take a ticket. A closed one is reopened; one held by another is taken only with `over`."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, ticket_id: TicketId, by: Staff, *, over: bool = False) -> HoldOutcome:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        if not is_open(ticket) and await changed_hands(self.unit, ticket):
            return OwnerChanged()
        changed = taken(ticket, by, now=self.clock.now(), over=over)
        if isinstance(changed, HeldByOther) or changed == ticket:
            return changed
        await self.unit.tickets.save(changed)
        return await note_taken(self.unit, self.clock, changed, by)


async def note_taken(unit: UnitOfWork, clock: Clock, ticket: Ticket, by: Staff) -> Ticket:
    """Tell both sides who answers now; returns the ticket as stored."""
    now, saved = clock.now(), replace(ticket, version=ticket.version + 1)
    former = ticket.taken_from
    detail = "" if former is None else f"over from staff:{former}"
    await audit(unit, saved, "taken", actor=actor_of(by), now=now, detail=detail)
    await tell_caller(unit, saved, CallerNews.TAKEN, now=now)
    if former is None:
        await tell_group(unit, saved, GroupNews.TAKEN, now=now, by=by.id)
    else:
        holder = await unit.staff.get(former)
        name, news = holder.name if holder else "", GroupNews.TAKEN_OVER
        await tell_group(unit, saved, news, now=now, by=by.id, detail=name)
    await show_packet(unit, saved, now=now)
    return saved


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTicket:
    """Release a ticket back to the queue: one's own, or, for a lead, anybody's."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, ticket_id: TicketId, by: Staff) -> HoldOutcome:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        now = self.clock.now()
        changed = released(ticket, by, now=now)
        if not isinstance(changed, Ticket):
            return changed
        await self.unit.tickets.save(changed)
        saved = replace(changed, version=changed.version + 1)
        await audit(self.unit, saved, "released", actor=actor_of(by), now=now)
        await tell_caller(self.unit, saved, CallerNews.RELEASED, now=now)
        await tell_group(self.unit, saved, GroupNews.RELEASED, now=now, by=by.id)
        await show_packet(self.unit, saved, now=now)
        return saved


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnTicket:
    """Add a note for staff to a ticket."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, ticket_id: TicketId, by: Staff, text: str
    ) -> Ticket | OwnerChanged | NoTicket:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        if await changed_hands(self.unit, ticket):
            return OwnerChanged()
        now = self.clock.now()
        await self.unit.talks.add_note(
            TicketNote(ticket_id=ticket.id, by=by.id, at=now, text=text)
        )
        await tell_group(
            self.unit,
            ticket,
            GroupNews.NOTED,
            now=now,
            by=by.id,
            detail=text,
            once=f"{now.isoformat()}:{secret_hash(text)[:16]}",
        )
        return ticket
