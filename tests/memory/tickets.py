"""In-memory tickets, talks, topics, staff and bans."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.staff import Ban, Staff, StaffId
from state.model.ticket import (
    Closed,
    TalkId,
    TalkMessage,
    Ticket,
    TicketId,
    TicketNote,
    Topic,
)
from state.ports import StaleStateError
from tests.memory.tables import Tables


def _is_open(ticket: Ticket) -> bool:
    return not isinstance(ticket.state, Closed)


@dataclass(frozen=True, slots=True)
class MemoryTickets:
    tables: Tables

    async def add(self, ticket: Ticket) -> Ticket:
        if _is_open(ticket) and any(_is_open(one) for one in await self.of_chat(ticket.chat_id)):
            raise StaleStateError(f"chat {ticket.chat_id} has an open ticket")
        number = self.tables.counters["ticket"] = self.tables.counters.get("ticket", 0) + 1
        added = replace(ticket, id=TicketId(number), version=ticket.version + 1)
        self.tables.tickets[added.id] = added
        return added

    async def get(self, ticket_id: TicketId) -> Ticket | None:
        return self.tables.tickets.get(ticket_id)

    async def last(self, chat_id: ChatId) -> Ticket | None:
        return max(await self.of_chat(chat_id), key=lambda one: one.id, default=None)

    async def save(self, ticket: Ticket) -> None:
        held = self.tables.tickets.get(ticket.id)
        if held is None or held.version != ticket.version:
            raise StaleStateError(f"ticket {ticket.id}")
        rivals = [one for one in await self.of_chat(ticket.chat_id) if one.id != ticket.id]
        if _is_open(ticket) and any(_is_open(one) for one in rivals):
            raise StaleStateError(f"chat {ticket.chat_id} has an open ticket")
        self.tables.tickets[ticket.id] = replace(ticket, version=ticket.version + 1)

    async def open(self) -> Sequence[Ticket]:
        found = [one for one in self.tables.tickets.values() if _is_open(one)]
        return sorted(found, key=lambda one: (one.waiting_since, one.id))

    async def since(self, moment: datetime) -> Sequence[Ticket]:
        found = [one for one in self.tables.tickets.values() if one.opened_at >= moment]
        return sorted(found, key=lambda one: (one.opened_at, one.id))

    async def of_chat(self, chat_id: ChatId) -> Sequence[Ticket]:
        return [one for _, one in sorted(self.tables.tickets.items()) if one.chat_id == chat_id]

    async def erase(self, chat_id: ChatId) -> None:
        for ticket in await self.of_chat(chat_id):
            drop_ticket(self.tables, ticket.id)

    async def of_freelancer(self, freelancer_id: FreelancerId) -> Sequence[Ticket]:
        found = sorted(self.tables.tickets.items())
        return [one for _, one in found if one.freelancer_id == freelancer_id]

    async def erase_of(self, freelancer_id: FreelancerId) -> None:
        for ticket in await self.of_freelancer(freelancer_id):
            drop_ticket(self.tables, ticket.id)


def drop_ticket(tables: Tables, ticket_id: TicketId) -> None:
    """With what hangs on it."""
    del tables.tickets[ticket_id]
    for talk_id in [key for key, one in tables.talks.items() if one.ticket_id == ticket_id]:
        del tables.talks[talk_id]
    for number in [key for key, one in tables.notes.items() if one.ticket_id == ticket_id]:
        del tables.notes[number]


@dataclass(frozen=True, slots=True)
class MemoryHandOvers:
    tables: Tables

    async def add(self, asker: str, at: datetime) -> None:
        number = max(self.tables.hand_overs, default=0) + 1
        self.tables.hand_overs[number] = (asker, at)

    async def latest(self, asker: str, count: int, since: datetime) -> datetime | None:
        made = [at for who, at in self.tables.hand_overs.values() if who == asker and at > since]
        newest_first = sorted(made, reverse=True)
        return newest_first[count - 1] if len(made) >= count else None


@dataclass(frozen=True, slots=True)
class MemoryTalks:
    tables: Tables

    async def add(self, message: TalkMessage) -> TalkMessage:
        number = self.tables.counters["talk"] = self.tables.counters.get("talk", 0) + 1
        added = replace(message, id=TalkId(number))
        self._keep(added)
        return added

    async def get(self, talk_id: TalkId) -> TalkMessage | None:
        return self.tables.talks.get(talk_id)

    async def in_chat(self, chat_id: ChatId, message_id: int) -> TalkMessage | None:
        found = [
            one
            for one in self.tables.talks.values()
            if (one.chat_id, one.in_chat) == (chat_id, message_id)
        ]
        return found[0] if found else None

    async def in_group(self, message_id: int) -> TalkMessage | None:
        found = [one for one in self.tables.talks.values() if one.in_group == message_id]
        return found[0] if found else None

    async def album(self, ticket_id: TicketId, album: str) -> Sequence[TalkMessage]:
        return [one for one in await self.of(ticket_id) if one.album == album]

    async def save(self, message: TalkMessage) -> None:
        held = self.tables.talks.get(message.id)
        if held is not None:
            self._keep(replace(message, in_chat=held.in_chat, in_group=held.in_group))

    async def place(
        self, talk_id: TalkId, *, in_chat: int | None = None, in_group: int | None = None
    ) -> None:
        held = self.tables.talks.get(talk_id)
        if held is not None:
            placed = replace(
                held,
                in_chat=held.in_chat if in_chat is None else in_chat,
                in_group=held.in_group if in_group is None else in_group,
            )
            self._keep(placed)

    async def of(
        self, ticket_id: TicketId, *, after: TalkId | None = None
    ) -> Sequence[TalkMessage]:
        return [
            one
            for number, one in sorted(self.tables.talks.items())
            if one.ticket_id == ticket_id and (after is None or number > after)
        ]

    async def add_note(self, note: TicketNote) -> None:
        self.tables.notes[max(self.tables.notes, default=0) + 1] = note

    async def notes(self, ticket_id: TicketId) -> Sequence[TicketNote]:
        return [one for _, one in sorted(self.tables.notes.items()) if one.ticket_id == ticket_id]

    def _keep(self, message: TalkMessage) -> None:
        for other in self.tables.talks.values():
            if other.id == message.id:
                continue
            if message.in_group is not None and message.in_group == other.in_group:
                raise StaleStateError("this message of the group is in the talk already")
            if message.in_chat is not None and (message.chat_id, message.in_chat) == (
                other.chat_id,
                other.in_chat,
            ):
                raise StaleStateError("this message of the chat is in the talk already")
        self.tables.talks[message.id] = message


@dataclass(frozen=True, slots=True)
class MemoryTopics:
    tables: Tables

    async def of(self, chat_id: ChatId) -> Topic | None:
        return self.tables.topics.get(chat_id)

    async def in_group(self, thread_id: int) -> Topic | None:
        found = [one for one in self.tables.topics.values() if one.thread_id == thread_id]
        return found[0] if found else None

    async def put(self, topic: Topic) -> None:
        self.tables.topics[topic.chat_id] = topic

    async def remove(self, chat_id: ChatId) -> None:
        self.tables.topics.pop(chat_id, None)


@dataclass(frozen=True, slots=True)
class MemoryStaffList:
    tables: Tables

    async def get(self, staff_id: StaffId) -> Staff | None:
        return self.tables.staff.get(staff_id)

    async def all(self) -> Sequence[Staff]:
        return [one for _, one in sorted(self.tables.staff.items())]

    async def put(self, staff: Staff) -> None:
        self.tables.staff[staff.id] = staff


@dataclass(frozen=True, slots=True)
class MemoryBans:
    tables: Tables

    async def of(self, chat_id: ChatId) -> Ban | None:
        return self.tables.bans.get(chat_id)

    async def all(self) -> Sequence[Ban]:
        return sorted(self.tables.bans.values(), key=lambda one: (one.at, one.chat_id))

    async def put(self, ban: Ban) -> None:
        self.tables.bans[ban.chat_id] = ban

    async def lift(self, chat_id: ChatId) -> bool:
        return self.tables.bans.pop(chat_id, None) is not None
