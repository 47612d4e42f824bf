"""The unit of work, and the queues at both ends of it."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from state.model.work import Incoming, NewReply, OutboxRow, Queue, Task
from state.ports.calls import (
    Audit,
    AuditReader,
    ProviderReplies,
    Verifications,
    VerificationsReader,
)
from state.ports.crowd import BulkAccounts
from state.ports.figures import Figures
from state.ports.ledger import Ledger, LedgerReader
from state.ports.people import (
    Accounts,
    AccountsReader,
    Chats,
    ChatsReader,
    Guesses,
    Links,
    LinksReader,
    LivingMessages,
    LivingMessagesReader,
    Numbers,
    NumbersReader,
)
from state.ports.pulse import Pulse
from state.ports.questions import MissedGroups, MissedGroupsReader, Questions, QuestionsReader
from state.ports.sign_in import SignInLinks, SignInLinksReader, Visits, VisitsReader
from state.ports.tickets import (
    Bans,
    BansReader,
    HandOvers,
    StaffList,
    StaffListReader,
    Talks,
    TalksReader,
    Tickets,
    TicketsReader,
    Topics,
    TopicsReader,
)
from state.ports.upkeep import Upkeep

T = TypeVar("T")


class Outbox(Protocol):
    @property
    def waits(self) -> bool:
        """Whether a task was added that is not handed over: somebody has to look for it."""
        ...

    async def add(
        self, task: Task, *, lane: str, key: str, due_at: datetime, replace: bool = False
    ) -> None:
        """A second task with the key of an earlier one is dropped.

        With `replace` it takes the place of one that is still pending, as a new row at the end
        of its lane: a worker that is delivering the old one cannot finish the new one by it.
        """
        ...

    async def drop(self, key: str) -> None:
        """A task that is still pending is no longer wanted."""
        ...

    async def add_replies(self, replies: Sequence[NewReply]) -> Sequence[OutboxRow]:
        """Several at once, as `add`; those that were not there yet, as rows in their order."""
        ...

    async def open_before(
        self, row_id: int, lanes: Collection[str], now: datetime
    ) -> Mapping[str, frozenset[int]]:
        """By lane, the ids of earlier rows that are due and not done yet."""
        ...

    async def finish(self, row: OutboxRow, at: datetime) -> None:
        """Delivered: the payload goes, the key stays."""
        ...

    async def retry(self, row: OutboxRow, *, not_before: datetime, reason: str) -> None:
        """One more try spent; the row keeps its place at the head of its lane."""
        ...

    async def give_up(self, row: OutboxRow, *, at: datetime, reason: str) -> None:
        """The payload goes, the reason stays; the lane moves on."""
        ...


class Inbox(Protocol):
    async def heads(self, lanes: Sequence[str]) -> Sequence[Incoming]:
        """Of each lane the oldest update that is not done, and the one after it."""
        ...

    async def done(self, rows: Sequence[Incoming], at: datetime) -> None:
        """Drop the payloads, keep the ids. StaleStateError if another process was first."""
        ...

    async def failed(self, row: Incoming, reason: str) -> None:
        """One more try spent; the payload stays."""
        ...

    async def set_aside(self, row: Incoming, at: datetime, reason: str) -> None:
        """Out of the lane for good, with its payload and the reason, for a person to look at."""
        ...


class ReadUnit(Protocol):
    """What is committed, to be looked at and not changed."""

    @property
    def accounts(self) -> AccountsReader: ...

    @property
    def chats(self) -> ChatsReader: ...

    @property
    def links(self) -> LinksReader: ...

    @property
    def numbers(self) -> NumbersReader: ...

    @property
    def living(self) -> LivingMessagesReader: ...

    @property
    def verifications(self) -> VerificationsReader: ...

    @property
    def audit(self) -> AuditReader: ...

    @property
    def ledger(self) -> LedgerReader: ...

    @property
    def questions(self) -> QuestionsReader: ...

    @property
    def missed(self) -> MissedGroupsReader: ...

    @property
    def visits(self) -> VisitsReader: ...

    @property
    def sign_in_links(self) -> SignInLinksReader: ...

    @property
    def tickets(self) -> TicketsReader: ...

    @property
    def talks(self) -> TalksReader: ...

    @property
    def topics(self) -> TopicsReader: ...

    @property
    def staff(self) -> StaffListReader: ...

    @property
    def bans(self) -> BansReader: ...

    @property
    def figures(self) -> Figures: ...

    @property
    def pulse(self) -> Pulse: ...


class UnitOfWork(ReadUnit, Protocol):
    """One transaction: all of it is committed, or none of it happened."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def chats(self) -> Chats: ...

    @property
    def crowd(self) -> BulkAccounts: ...

    @property
    def links(self) -> Links: ...

    @property
    def guesses(self) -> Guesses: ...

    @property
    def numbers(self) -> Numbers: ...

    @property
    def verifications(self) -> Verifications: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def answers(self) -> ProviderReplies: ...

    @property
    def living(self) -> LivingMessages: ...

    @property
    def questions(self) -> Questions: ...

    @property
    def hand_overs(self) -> HandOvers: ...

    @property
    def tickets(self) -> Tickets: ...

    @property
    def talks(self) -> Talks: ...

    @property
    def topics(self) -> Topics: ...

    @property
    def staff(self) -> StaffList: ...

    @property
    def bans(self) -> Bans: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def sign_in_links(self) -> SignInLinks: ...

    @property
    def visits(self) -> Visits: ...

    @property
    def missed(self) -> MissedGroups: ...

    @property
    def upkeep(self) -> Upkeep: ...


class Transact(Protocol):
    """Runs work in a unit of work, and runs it again from the start when it lost a race."""

    async def __call__(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T: ...


class Read(Protocol):
    """Runs work that looks at what is committed, beside all that is being changed."""

    async def __call__(self, work: Callable[[ReadUnit], Awaitable[T]]) -> T: ...


class Claims(Protocol):
    """What one process at a time may work on, among all that share a database.

    Claims end with the process that holds them, however it ends.
    """

    async def claim(self, names: Collection[str]) -> frozenset[str]:
        """Those of the names that are this process's now; asking for one's own again is fine."""
        ...

    async def release(self, names: Collection[str]) -> None: ...

    def holds(self, name: str) -> bool:
        """False once a claim is lost, as it may be with the connection to the database."""
        ...

    async def sharers(self) -> int:
        """How many processes claim here, this one included."""
        ...


class InboxDoor(Protocol):
    """Where updates come in, each batch in a transaction of its own."""

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        """Keep what was not seen before, committed when this returns; the lanes with new rows."""
        ...

    async def waiting_lanes(self, before: datetime | None = None) -> frozenset[str]:
        """Lanes with rows that are not done (and came in before that moment)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A task that was given up."""

    at: datetime
    reason: str


class OutboxDoor(Protocol):
    """Where the worker takes tasks out."""

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        busy_lanes: Collection[str],
        queue: Queue = Queue.CHATS,
    ) -> Sequence[OutboxRow]:
        """Heads of lanes that may be delivered now, oldest first, at most one a lane."""
        ...

    async def due_in(
        self, lanes: Collection[str], now: datetime, *, depth: int
    ) -> Sequence[OutboxRow]:
        """What is due in these lanes, in order, at most `depth` rows a lane."""
        ...

    async def losses(self, queue: Queue) -> Sequence[Loss]:
        """What was given up and is not forgotten yet, oldest first."""
        ...
