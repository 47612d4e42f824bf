"""Every row an in-memory database holds, so that a unit of work can copy and swap them."""

from dataclasses import dataclass, field, fields
from datetime import datetime

from state.model.account import Account, Completion, FreelancerId, StepId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.ledger import LedgerEntry
from state.model.question import MissedGroup, Question, QuestionId
from state.model.sign_in import SignInLink, StaffSession
from state.model.staff import Ban, Staff, StaffId
from state.model.ticket import TalkId, TalkMessage, Ticket, TicketId, TicketNote, Topic
from state.model.verification import CallSession, NumberKey, PersonKey, SessionId, Verified
from state.model.work import Incoming, OutboxRow
from state.ports import AuditEvent, NumberRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    number: str
    key: NumberKey | None
    verified_at: datetime | None = None
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    proved: Verified | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRow:
    person: PersonKey
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    row: Incoming
    open: bool = True
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    row: OutboxRow
    open: bool = True
    not_before: datetime | None = None
    reason: str | None = None
    given_up_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Tables:
    accounts: dict[FreelancerId, Account] = field(default_factory=dict)
    completions: dict[tuple[FreelancerId, StepId], Completion] = field(default_factory=dict)
    struck: dict[tuple[FreelancerId, StepId], datetime] = field(default_factory=dict)
    chats: dict[ChatId, Chat] = field(default_factory=dict)
    links: dict[str, LinkOffer] = field(default_factory=dict)
    """By token hash."""
    guesses: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    current_numbers: dict[FreelancerId, NumberRow] = field(default_factory=dict)
    verified_numbers: dict[NumberKey, FreelancerId] = field(default_factory=dict)
    rounds: dict[FreelancerId, RoundRow] = field(default_factory=dict)
    sessions: dict[SessionId, CallSession] = field(default_factory=dict)
    """In the order they were opened."""
    ledger: dict[int, LedgerEntry] = field(default_factory=dict)
    bindings: dict[NumberKey, BindingRow] = field(default_factory=dict)
    answers: dict[tuple[SessionId, int], str] = field(default_factory=dict)
    provider_events: dict[tuple[str, str], datetime] = field(default_factory=dict)
    questions: dict[QuestionId, Question] = field(default_factory=dict)
    missed: dict[str, MissedGroup] = field(default_factory=dict)
    removed_questions: dict[QuestionId, Question] = field(default_factory=dict)
    """Their numbers are not given out again."""
    hand_overs: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    talks: dict[TalkId, TalkMessage] = field(default_factory=dict)
    notes: dict[int, TicketNote] = field(default_factory=dict)
    topics: dict[ChatId, Topic] = field(default_factory=dict)
    staff: dict[StaffId, Staff] = field(default_factory=dict)
    bans: dict[ChatId, Ban] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    """The last number that was given out, by kind."""
    former_numbers: dict[tuple[FreelancerId, str], NumberRecord] = field(default_factory=dict)
    living: dict[tuple[ChatId, str], int] = field(default_factory=dict)
    audit: dict[int, AuditEvent] = field(default_factory=dict)
    sign_in_links: dict[str, SignInLink] = field(default_factory=dict)
    visits: dict[str, StaffSession] = field(default_factory=dict)
    inbox: dict[int, InboxEntry] = field(default_factory=dict)
    outbox: dict[str, OutboxEntry] = field(default_factory=dict)
    """By key."""

    def copy(self) -> "Tables":
        """Rows are frozen, so copying the dictionaries is enough."""
        return Tables(**{each.name: dict(getattr(self, each.name)) for each in fields(self)})
