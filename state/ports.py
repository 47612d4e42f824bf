"""What the use cases need from the outside, as Protocols; the store and the gateways fill them.

StateError
├── StaleStateError      a contested record changed since it was read: run the turn again
└── ImpossibleRowError   the database holds what no version of this program writes
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from state.model.account import Account, Completion, FreelancerId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.verification import CallHistory, NumberKey, SessionId, Verification
from state.model.work import Incoming, OutboxRow, Task

T = TypeVar("T")


class StateError(Exception):
    """Root of what this package raises; people never meet it."""


class StaleStateError(StateError):
    """Somebody else saved first. Roll back and run the whole unit of work again."""


class ImpossibleRowError(StateError):
    """A stored row that cannot be turned into a value; the message names its table and key."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC, never earlier than one given before."""
        ...


class Dice(Protocol):
    """Identity and chance, from a cryptographic source."""

    def session_id(self) -> SessionId: ...

    def seed(self) -> bytes:
        """16 bytes."""
        ...

    def link_token(self) -> str:
        """At most 64 characters of `[A-Za-z0-9_-]`, as a deep link can carry."""
        ...

    def link_code(self) -> str:
        """Short enough to be typed, without look-alike characters."""
        ...


class Accounts(Protocol):
    async def get(self, freelancer_id: FreelancerId) -> Account | None: ...

    async def put(self, account: Account) -> bool:
        """Keep the snapshot; False, and nothing changed, if the one held is as new or newer."""
        ...

    async def completions(self, freelancer_id: FreelancerId) -> tuple[Completion, ...]: ...

    async def complete(self, freelancer_id: FreelancerId, completion: Completion) -> bool:
        """Record a step as done for good; False if it was recorded before."""
        ...


class Chats(Protocol):
    async def get(self, chat_id: ChatId) -> Chat | None: ...

    async def of(self, freelancer_id: FreelancerId) -> Chat | None:
        """The one chat linked to this freelancer."""
        ...

    async def save(self, chat: Chat) -> None:
        """Insert or replace. A second chat for one freelancer raises StaleStateError."""
        ...


class Links(Protocol):
    async def add(self, offer: LinkOffer) -> None: ...

    async def find(self, secret_hash: str) -> LinkOffer | None:
        """By the hash of the token or of the short code."""
        ...

    async def use(self, offer: LinkOffer, at: datetime) -> None:
        """Mark as used; StaleStateError if somebody used it first."""
        ...

    async def offered(self, freelancer_id: FreelancerId) -> bool:
        """Whether a link was ever offered for this freelancer."""
        ...


class Numbers(Protocol):
    """Phone numbers in use for verification; one current number a freelancer."""

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        """E.164 (or the raw text on record, if the marketplace's number cannot be parsed)."""
        ...

    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None: ...

    async def mark_verified(
        self, freelancer_id: FreelancerId, key: NumberKey, at: datetime
    ) -> None:
        """StaleStateError if the number became verified on another account meanwhile."""
        ...

    async def verified_by(self, key: NumberKey) -> FreelancerId | None: ...


class Verifications(Protocol):
    async def load(self, freelancer_id: FreelancerId) -> Verification:
        """With the latest call session; version 0 and an open round if there is nothing yet."""
        ...

    async def of_session(self, session_id: SessionId) -> Verification | None:
        """The freelancer's verification, with *that* session in place of the latest."""
        ...

    async def save(self, verification: Verification) -> None:
        """Write round and session if the stored version is still `verification.version`.

        Else, or if an active session for the same number exists, StaleStateError. A round that
        became LockedOut also locks its session's number; a new session counts as a call made.
        """
        ...

    async def history(
        self, freelancer_id: FreelancerId, number_key: NumberKey, now: datetime
    ) -> CallHistory:
        """What the limits need to know; windows are the 24 hours before `now`."""
        ...


class Answers(Protocol):
    """What was answered to the call provider, so that a repeated request changes nothing."""

    async def get(self, session_id: SessionId, turn: int) -> str | None: ...

    async def put(self, session_id: SessionId, turn: int, body: str) -> None:
        """StaleStateError if the turn was answered meanwhile."""
        ...

    async def first_time(self, provider: str, event: str, at: datetime) -> bool:
        """True once a provider event, False for each repetition."""
        ...


class LivingMessages(Protocol):
    async def get(self, chat_id: ChatId, matter: str) -> int | None:
        """Bot API `message_id`."""
        ...

    async def put(self, chat_id: ChatId, matter: str, message_id: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the append-only audit trail; holds no code and no full number."""

    at: datetime
    kind: str
    subject: str
    actor: str
    detail: str = ""


class Audit(Protocol):
    async def add(self, event: AuditEvent) -> None: ...


class Outbox(Protocol):
    async def add(
        self, task: Task, *, lane: str, key: str, due_at: datetime, replace: bool = False
    ) -> None:
        """A second task with the key of an earlier one is dropped.

        With `replace` it takes the place of one that is still pending, as a new row at the end
        of its lane: a worker that is delivering the old one cannot finish the new one by it.
        """
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
    async def next(self, lane: str) -> Incoming | None:
        """The oldest update of the lane that is not done."""
        ...

    async def done(self, row: Incoming, at: datetime) -> None:
        """Drop the payload, keep the id. StaleStateError if another process was first."""
        ...

    async def failed(self, row: Incoming, reason: str) -> None:
        """One more try spent; the payload stays."""
        ...

    async def set_aside(self, row: Incoming, at: datetime, reason: str) -> None:
        """Out of the lane for good, with its payload and the reason, for a person to look at."""
        ...


class UnitOfWork(Protocol):
    """One transaction: all of it is committed, or none of it happened."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def chats(self) -> Chats: ...

    @property
    def links(self) -> Links: ...

    @property
    def numbers(self) -> Numbers: ...

    @property
    def verifications(self) -> Verifications: ...

    @property
    def answers(self) -> Answers: ...

    @property
    def living(self) -> LivingMessages: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def inbox(self) -> Inbox: ...


class Transact(Protocol):
    """Runs work in a unit of work, and runs it again from the start when it lost a race."""

    async def __call__(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T: ...


class InboxDoor(Protocol):
    """Where updates come in, each batch in a transaction of its own."""

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        """Keep what was not seen before, committed when this returns; the lanes with new rows."""
        ...

    async def waiting_lanes(self) -> frozenset[str]:
        """Lanes with rows that are not done, for the start after a crash."""
        ...

    async def polling_offset(self) -> int | None:
        """The id after the newest update ever stored."""
        ...


class OutboxDoor(Protocol):
    """Where the worker takes tasks out."""

    async def due(
        self, now: datetime, *, limit: int, busy_lanes: Collection[str]
    ) -> Sequence[OutboxRow]:
        """Heads of lanes that may be delivered now, oldest first, at most one a lane."""
        ...

    async def next_due_at(self, now: datetime) -> datetime | None:
        """When there will be something new to deliver, if nothing else happens; after `now`.

        What can be delivered now is not meant: `due` gives it, unless its lane is busy.
        """
        ...
