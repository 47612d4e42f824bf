"""The unit of work, and the queues on both sides of it: inbox and outbox."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from state.model.work import Incoming, NewReply, OutboxRow, Queue, Task
from state.ports.bulk_accounts import BulkAccounts
from state.ports.calls import (
    Audit,
    AuditReader,
    ProviderReplies,
    Verifications,
    VerificationsReader,
)
from state.ports.change_tokens import ChangeTokens
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
from state.ports.questions import MissedGroups, MissedGroupsReader, Questions, QuestionsReader
from state.ports.retention import Retention
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

T = TypeVar("T")


class Outbox(Protocol):
    """The outbox within a transaction: tasks to carry out after the commit."""

    @property
    def must_wake(self) -> bool:
        """Whether `add` was called: the delivery worker has to be woken after the commit."""
        ...

    async def add(
        self, task: Task, *, lane: str, key: str, due_at: datetime, replace: bool = False
    ) -> None:
        """Add a task; ignored if a task with the same key exists.

        With `replace`, a pending task with this key is replaced by a new row at the end of its
        lane: a worker that is delivering the old one cannot mark the new one as finished.
        """
        ...

    async def has(self, key: str) -> bool:
        """Whether a task with this key is or was there, until its row is swept."""
        ...

    async def drop(self, key: str) -> None:
        """Delete a pending task by its key."""
        ...

    async def add_replies(self, replies: Sequence[NewReply]) -> Sequence[OutboxRow]:
        """Add several replies, as `add` does; returns the rows of the new ones, in order."""
        ...

    async def unfinished_before(
        self, row_id: int, lanes: Collection[str], now: datetime
    ) -> Mapping[str, frozenset[int]]:
        """Per lane, the ids of earlier rows that are due and not finished."""
        ...

    async def finish(self, row: OutboxRow, at: datetime) -> None:
        """Mark a row as delivered: delete its payload, keep its key."""
        ...

    async def retry(self, row: OutboxRow, *, not_before: datetime, reason: str) -> None:
        """Count a failed try; the row stays at the head of its lane."""
        ...

    async def give_up(self, row: OutboxRow, *, at: datetime, reason: str) -> None:
        """Give a row up: delete its payload, store the reason; the lane continues."""
        ...


class Inbox(Protocol):
    """The inbox within a transaction: stored updates to handle."""

    async def heads(self, lanes: Sequence[str]) -> Sequence[Incoming]:
        """Per lane, its unhandled updates, oldest first, eight at most."""
        ...

    async def done(self, rows: Sequence[Incoming], at: datetime) -> None:
        """Mark as handled: delete the payload, keep the id. StaleStateError if already handled."""
        ...

    async def failed(self, row: Incoming, reason: str) -> None:
        """Count a failed try; the payload stays."""
        ...

    async def set_aside(self, row: Incoming, at: datetime, reason: str) -> None:
        """Take an update out of its lane for good, keeping payload and reason for inspection."""
        ...


class ReadUnit(Protocol):
    """Read-only repositories over the committed state."""

    @property
    def accounts(self) -> AccountsReader: ...

    @property
    def chats(self) -> ChatsReader: ...

    @property
    def links(self) -> LinksReader: ...

    @property
    def numbers(self) -> NumbersReader: ...

    @property
    def living_messages(self) -> LivingMessagesReader: ...

    @property
    def verifications(self) -> VerificationsReader: ...

    @property
    def audit(self) -> AuditReader: ...

    @property
    def ledger(self) -> LedgerReader: ...

    @property
    def questions(self) -> QuestionsReader: ...

    @property
    def missed_groups(self) -> MissedGroupsReader: ...

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
    def change_tokens(self) -> ChangeTokens: ...


class UnitOfWork(ReadUnit, Protocol):
    """Unit of work: one transaction over all repositories, committed as a whole or not at all."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def chats(self) -> Chats: ...

    @property
    def bulk_accounts(self) -> BulkAccounts: ...

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
    def provider_replies(self) -> ProviderReplies: ...

    @property
    def living_messages(self) -> LivingMessages: ...

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
    def missed_groups(self) -> MissedGroups: ...

    @property
    def retention(self) -> Retention: ...


class Transact(Protocol):
    """Run work in a unit of work, and again from the start if a version check failed."""

    async def __call__(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T: ...


class Read(Protocol):
    """Run read-only work on the committed state, without waiting for writers."""

    async def __call__(self, work: Callable[[ReadUnit], Awaitable[T]]) -> T: ...


class Claims(Protocol):
    """Named advisory locks among the processes that share a database.

    They are released when the process that holds them ends, however it ends.
    """

    async def claim(self, names: Collection[str]) -> frozenset[str]:
        """Try to take locks; returns those this process holds now, also those it held before."""
        ...

    async def release(self, names: Collection[str]) -> None: ...

    def holds(self, name: str) -> bool:
        """Whether the lock is still held; it is lost with the database connection."""
        ...

    async def process_count(self) -> int:
        """Number of processes that take locks on this database, this one included."""
        ...


class InboxQueue(Protocol):
    """Stores incoming updates, each batch in a transaction of its own."""

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        """Store and commit the updates not seen before; returns the lanes that have new rows."""
        ...

    async def waiting_lanes(self, before: datetime | None = None) -> frozenset[str]:
        """Lanes with unhandled updates (received before that moment, if given)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """An outbox task that was given up: when and why."""

    at: datetime
    reason: str


class OutboxQueue(Protocol):
    """Reads due outbox rows for the delivery worker."""

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        busy_lanes: Collection[str],
        queue: Queue = Queue.CHATS,
    ) -> Sequence[OutboxRow]:
        """Due heads of lanes that are not busy, oldest first, at most one per lane."""
        ...

    async def due_in(
        self, lanes: Collection[str], now: datetime, *, depth: int
    ) -> Sequence[OutboxRow]:
        """Due rows of these lanes, in order, at most `depth` per lane."""
        ...

    async def losses(self, queue: Queue) -> Sequence[Loss]:
        """Given-up tasks of a queue that are still stored, oldest first."""
        ...
