"""Relay messages, edits and deletions between the two sides of a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from state.model.chat import ChatId
from state.model.staff import Role, Staff
from state.model.ticket import (
    Author,
    MessageContent,
    Taken,
    TalkId,
    TalkMessage,
    Ticket,
    TicketId,
    Waiting,
)
from state.model.work import CarryDeletion, CarryEdit, Side
from state.ports import Clock, ReadUnit, UnitOfWork
from state.rules.codes import secret_hash
from state.rules.tickets import HeldByOther, NotOpen, is_open, replied
from state.usecases.lanes import chat_lane, ticket_lane
from state.usecases.tickets.effects import carry_to_caller, carry_to_group
from state.usecases.tickets.hold import NoTicket, note_taken
from state.usecases.tickets.owner import changed_hands


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The message was queued for staff."""

    ticket: Ticket
    first: bool
    """The first one while the ticket waits: tell the person where their messages go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFromFreelancer:
    """Relay a freelancer's message to staff."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, said: MessageContent) -> Passed | NotOpen:
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
    """Relay a reply from the group or the staff pages; it takes a waiting ticket."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, ticket_id: TicketId, by: Staff, said: MessageContent
    ) -> TalkMessage | HeldByOther | NotOpen | NoTicket:
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
    ticket: Ticket, said: MessageContent, before: TalkMessage | None, *, now: datetime
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTalk:
    """Relay an edit, also after the close, while the message is stored; None: no such message."""

    unit: UnitOfWork
    clock: Clock

    async def by_freelancer(self, chat_id: ChatId, said: MessageContent) -> TalkMessage | None:
        found = await self.unit.talks.in_chat(chat_id, said.message_id or 0)
        if found is None or found.author is not Author.FREELANCER:
            return None
        ticket = await self.unit.tickets.get(found.ticket_id)
        if ticket is None or await changed_hands(self.unit, ticket):
            return None
        return await self._edit(found, said, Side.GROUP, ticket_lane(chat_id))

    async def by_staff(self, by: Staff, said: MessageContent) -> TalkMessage | None:
        found = await self.unit.talks.in_group(said.message_id or 0)
        if found is None or found.staff_id != by.id:
            return None
        return await self._edit(found, said, Side.CALLER, chat_lane(found.chat_id))

    async def _edit(
        self, found: TalkMessage, said: MessageContent, to: Side, lane: str
    ) -> TalkMessage:
        now = self.clock.now()
        edited = replace(
            found,
            content=said.content,
            text=said.text,
            file_id=said.file_id,
            file_key=said.file_key,
            file_name=said.file_name,
            edited_at=now,
        )
        await self.unit.talks.save(edited)
        new_file = said.file_key != found.file_key
        task = CarryEdit(talk_id=found.id, to=to, html=said.html, new_file=new_file)
        key = f"edit:{found.id}:{to}:{now.isoformat()}:{secret_hash(said.html)[:16]}"
        await self.unit.outbox.add(task, lane=lane, key=key, due_at=now)
        return edited


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Delete a message of staff from the freelancer's chat: one's own, or, for a lead, any."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, by: Staff, message: TalkMessage) -> bool:
        may = message.staff_id == by.id or by.role.covers(Role.LEAD)
        if message.author is not Author.STAFF or not may:
            return False
        now = self.clock.now()
        await self.unit.talks.save(replace(message, deleted_at=now))
        await self.unit.outbox.add(
            CarryDeletion(talk_id=message.id),
            lane=chat_lane(message.chat_id),
            key=f"delete:{message.id}",
            due_at=now,
        )
        return True


async def unsent_to_group(unit: ReadUnit, message: TalkMessage) -> Sequence[TalkMessage]:
    """Messages of an album still to be copied to the group and not deleted."""
    return [
        one
        for one in await _together(unit, message)
        if one.in_group is None and one.deleted_at is None
    ]


async def unsent_to_caller(unit: ReadUnit, message: TalkMessage) -> Sequence[TalkMessage]:
    """Messages of an album still to be copied to the freelancer's chat and not deleted."""
    return [
        one
        for one in await _together(unit, message)
        if one.in_chat is None and one.deleted_at is None
    ]


def is_album_complete(members: Sequence[TalkMessage], *, now: datetime, after: timedelta) -> bool:
    """Whether an album is complete: its parts arrive one by one, and none came for `after`."""
    return members[0].album is None or now - members[-1].at >= after


async def _together(unit: ReadUnit, message: TalkMessage) -> Sequence[TalkMessage]:
    if message.album is not None:
        return await unit.talks.album(message.ticket_id, message.album)
    found = await unit.talks.get(message.id)
    return () if found is None else (found,)
