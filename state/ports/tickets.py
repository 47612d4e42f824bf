"""Repositories of tickets, their messages and topics, staff and bans."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.staff import Ban, Staff, StaffId
from state.model.ticket import TalkId, TalkMessage, Ticket, TicketId, TicketNote, Topic


class TicketsReader(Protocol):
    async def get(self, ticket_id: TicketId) -> Ticket | None: ...

    async def last(self, chat_id: ChatId) -> Ticket | None:
        """The newest ticket of a chat, open or closed."""
        ...

    async def open(self) -> Sequence[Ticket]:
        """All open tickets, the one waiting longest first."""
        ...

    async def since(self, moment: datetime) -> Sequence[Ticket]:
        """Tickets opened since then, open or closed, oldest first."""
        ...

    async def of_chat(self, chat_id: ChatId) -> Sequence[Ticket]:
        """All tickets of a chat, oldest first."""
        ...

    async def of_freelancer(self, freelancer_id: FreelancerId) -> Sequence[Ticket]:
        """All tickets of a freelancer, in any chat, oldest first."""
        ...


class Tickets(TicketsReader, Protocol):
    """Tickets, saved with a version check."""

    async def add(self, ticket: Ticket) -> Ticket:
        """Add a ticket and return it with its id; StaleStateError if the chat has an open one."""
        ...

    async def save(self, ticket: Ticket) -> None:
        """Save a ticket; StaleStateError if its stored version has changed."""
        ...

    async def erase(self, chat_id: ChatId) -> None:
        """Delete a chat's tickets with their messages and notes."""
        ...

    async def erase_of(self, freelancer_id: FreelancerId) -> None:
        """Delete a freelancer's tickets, in any chat, as `erase` does."""
        ...


class HandOvers(Protocol):
    """Hand-overs requested, counted per anonymous key of the chat."""

    async def add(self, asker: str, at: datetime) -> None: ...

    async def latest(self, asker: str, count: int, since: datetime) -> datetime | None:
        """The `count`th newest hand-over since then; None if there are fewer."""
        ...


class TalksReader(Protocol):
    """Messages and notes of tickets, read-only."""

    async def get(self, talk_id: TalkId) -> TalkMessage | None: ...

    async def in_chat(self, chat_id: ChatId, message_id: int) -> TalkMessage | None:
        """Find a message by its `message_id` in the freelancer's chat."""
        ...

    async def in_group(self, message_id: int) -> TalkMessage | None:
        """Find a message by its `message_id` in the staff group."""
        ...

    async def album(self, ticket_id: TicketId, album: str) -> Sequence[TalkMessage]:
        """The messages of an album, in order."""
        ...

    async def of(
        self, ticket_id: TicketId, *, after: TalkId | None = None
    ) -> Sequence[TalkMessage]:
        """The messages of a ticket in order, optionally only those after `after`."""
        ...

    async def notes(self, ticket_id: TicketId) -> Sequence[TicketNote]:
        """The notes of a ticket, in order."""
        ...


class Talks(TalksReader, Protocol):
    async def add(self, message: TalkMessage) -> TalkMessage:
        """Add a message and return it with its id."""
        ...

    async def save(self, message: TalkMessage) -> None:
        """Save the content of a message, but not its `in_chat` and `in_group`: see `place`."""
        ...

    async def place(
        self, talk_id: TalkId, *, in_chat: int | None = None, in_group: int | None = None
    ) -> None:
        """Record the `message_id` that a message got on one side."""
        ...

    async def add_note(self, note: TicketNote) -> None: ...


class TopicsReader(Protocol):
    """Topics of chats in the staff group, read-only."""

    async def of(self, chat_id: ChatId) -> Topic | None: ...

    async def in_group(self, thread_id: int) -> Topic | None: ...


class Topics(TopicsReader, Protocol):
    async def put(self, topic: Topic) -> None:
        """Store a chat's topic, replacing its former one."""
        ...

    async def remove(self, chat_id: ChatId) -> None: ...


class StaffListReader(Protocol):
    async def get(self, staff_id: StaffId) -> Staff | None:
        """A member of staff, including one who was removed."""
        ...

    async def all(self) -> Sequence[Staff]:
        """All members of staff, including those removed."""
        ...


class StaffList(StaffListReader, Protocol):
    async def put(self, staff: Staff) -> None: ...


class BansReader(Protocol):
    async def of(self, chat_id: ChatId) -> Ban | None: ...

    async def all(self) -> Sequence[Ban]:
        """All bans, oldest first."""
        ...


class Bans(BansReader, Protocol):
    async def put(self, ban: Ban) -> None: ...

    async def lift(self, chat_id: ChatId) -> bool:
        """Remove a ban; False if there was none."""
        ...
