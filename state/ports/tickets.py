"""Records of talks with people: tickets, what was said in them, who answers, who is kept out."""

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
        """The newest of the chat, open or closed."""
        ...

    async def open(self) -> Sequence[Ticket]:
        """All that are not closed, the one that waits longest first."""
        ...

    async def since(self, moment: datetime) -> Sequence[Ticket]:
        """Opened since then, open or closed, oldest first."""
        ...

    async def of_chat(self, chat_id: ChatId) -> Sequence[Ticket]:
        """Oldest first."""
        ...

    async def of_freelancer(self, freelancer_id: FreelancerId) -> Sequence[Ticket]:
        """In whatever chat they had, oldest first."""
        ...


class Tickets(TicketsReader, Protocol):
    async def add(self, ticket: Ticket) -> Ticket:
        """As a new record, with its id; StaleStateError if the chat has one that is open."""
        ...

    async def save(self, ticket: Ticket) -> None:
        """If the stored version is still the ticket's; else StaleStateError."""
        ...

    async def erase(self, chat_id: ChatId) -> None:
        """With all that was said and noted."""
        ...

    async def erase_of(self, freelancer_id: FreelancerId) -> None:
        """As `erase`, in whatever chat they had."""
        ...


class HandOvers(Protocol):
    """How often a chat asked for a person: by a key, which names nobody."""

    async def add(self, asker: str, at: datetime) -> None: ...

    async def latest(self, asker: str, count: int, since: datetime) -> datetime | None:
        """The `count`th newest since then; None if there are fewer."""
        ...


class TalksReader(Protocol):
    async def get(self, talk_id: TalkId) -> TalkMessage | None: ...

    async def in_chat(self, chat_id: ChatId, message_id: int) -> TalkMessage | None:
        """By its place in the freelancer's chat."""
        ...

    async def in_group(self, message_id: int) -> TalkMessage | None:
        """By its place in the staff group."""
        ...

    async def album(self, ticket_id: TicketId, album: str) -> Sequence[TalkMessage]:
        """In order."""
        ...

    async def of(
        self, ticket_id: TicketId, *, after: TalkId | None = None
    ) -> Sequence[TalkMessage]:
        """In order; only those that came after `after`."""
        ...

    async def notes(self, ticket_id: TicketId) -> Sequence[TicketNote]:
        """In order."""
        ...


class Talks(TalksReader, Protocol):
    async def add(self, message: TalkMessage) -> TalkMessage:
        """As a new record, with its id."""
        ...

    async def save(self, message: TalkMessage) -> None:
        """What it says; its places are kept apart, as they come by another way."""
        ...

    async def place(
        self, talk_id: TalkId, *, in_chat: int | None = None, in_group: int | None = None
    ) -> None:
        """Where it has come to, on one side."""
        ...

    async def add_note(self, note: TicketNote) -> None: ...


class TopicsReader(Protocol):
    async def of(self, chat_id: ChatId) -> Topic | None: ...

    async def in_group(self, thread_id: int) -> Topic | None: ...


class Topics(TopicsReader, Protocol):
    async def put(self, topic: Topic) -> None:
        """In place of the chat's former one."""
        ...

    async def remove(self, chat_id: ChatId) -> None: ...


class StaffListReader(Protocol):
    async def get(self, staff_id: StaffId) -> Staff | None:
        """Also one that is gone."""
        ...

    async def all(self) -> Sequence[Staff]:
        """Also those that are gone."""
        ...


class StaffList(StaffListReader, Protocol):
    async def put(self, staff: Staff) -> None: ...


class BansReader(Protocol):
    async def of(self, chat_id: ChatId) -> Ban | None: ...

    async def all(self) -> Sequence[Ban]:
        """Oldest first."""
        ...


class Bans(BansReader, Protocol):
    async def put(self, ban: Ban) -> None: ...

    async def lift(self, chat_id: ChatId) -> bool:
        """False if there was none."""
        ...
