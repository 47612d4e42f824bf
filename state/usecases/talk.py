"""What is said in a talk, passed on to the other side."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.chat import ChatId
from state.model.staff import Staff
from state.model.ticket import Author, Said, Taken, TalkId, TalkMessage, Ticket, TicketId, Waiting
from state.ports import Clock, UnitOfWork
from state.rules.tickets import HeldBy, NotOpen, is_open, replied
from state.usecases.hold_ticket import NoTicket, note_taken
from state.usecases.ticket_effects import carry_to_caller, carry_to_group


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """To the people who answer."""

    ticket: Ticket
    first: bool
    """Since it waits: the person is to hear where their words go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFromFreelancer:
    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, said: Said) -> Passed | NotOpen:
        ticket = await self.unit.tickets.last(chat_id)
        if ticket is None or not is_open(ticket):
            return NotOpen()
        now = self.clock.now()
        before = None
        if said.reply_to is not None:
            before = await self.unit.talks.in_chat(chat_id, said.reply_to)
        new = _message(ticket, said, before, now=now)
        message = await self.unit.talks.add(replace(new, in_chat=said.message_id))
        await carry_to_group(self.unit, message, now=now)
        first = isinstance(ticket.state, Waiting) and not ticket.passing_told
        if first:
            await self.unit.tickets.save(replace(ticket, passing_told=True))
        return Passed(ticket=ticket, first=first)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToFreelancer:
    """From the group or a browser. A talk that nobody holds is taken by it."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, ticket_id: TicketId, by: Staff, said: Said
    ) -> TalkMessage | HeldBy | NotOpen | NoTicket:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        now = self.clock.now()
        changed = replied(ticket, by, now=now)
        if not isinstance(changed, Ticket):
            return changed
        if changed != ticket:
            await self.unit.tickets.save(changed)
        if isinstance(changed.state, Taken) and not isinstance(ticket.state, Taken):
            await note_taken(self.unit, self.clock, changed, by)
        before = None
        if said.reply_to is not None:
            before = await self.unit.talks.in_group(said.reply_to)
        new = _message(ticket, said, before, now=now)
        message = await self.unit.talks.add(
            replace(new, author=Author.STAFF, staff_id=by.id, in_group=said.message_id)
        )
        elsewhere = message.in_group is None
        html = said.html if elsewhere else ""
        await carry_to_caller(self.unit, message, now=now, html=html)
        if elsewhere:
            await carry_to_group(self.unit, message, now=now)
        return message


def _message(
    ticket: Ticket, said: Said, before: TalkMessage | None, *, now: datetime
) -> TalkMessage:
    return TalkMessage(
        id=TalkId(0),
        ticket_id=ticket.id,
        chat_id=ticket.chat_id,
        author=Author.FREELANCER,
        content=said.content,
        text=said.text,
        file_id=said.file_id,
        file_key=said.file_key,
        file_name=said.file_name,
        album=said.album,
        reply_to=None if before is None else before.id,
        at=now,
    )
