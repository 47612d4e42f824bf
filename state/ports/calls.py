"""Repositories for calls: verifications, replies to the provider, the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from state.model.account import FreelancerId
from state.model.question import Question
from state.model.verification import (
    CallSession,
    NumberKey,
    SessionId,
    Verification,
)


class VerificationsReader(Protocol):
    """Verifications, read-only."""

    async def load(self, freelancer_id: FreelancerId) -> Verification:
        """A freelancer's verification with its latest call session; version 0 if there is none."""
        ...

    async def of_session(self, session_id: SessionId) -> Verification | None:
        """The verification that owns a session, with *that* session in place of the latest."""
        ...

    async def with_active_call(self, key: NumberKey) -> Verification | None:
        """The verification with an active call to this number, and that session."""
        ...

    async def busy_until(self, freelancer_id: FreelancerId, key: NumberKey) -> datetime | None:
        """When the code of another account's active call to this number expires; None: no call."""
        ...

    async def sessions(self, freelancer_id: FreelancerId) -> Sequence[CallSession]:
        """All stored call sessions of a freelancer, oldest first."""
        ...


class Verifications(VerificationsReader, Protocol):
    """Verifications, saved with a version check."""

    async def save(self, verification: Verification) -> None:
        """Save proof and session, if the stored version is still the one that was read.

        StaleStateError if it is not, or if an active session for the same number exists.
        """
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None:
        """Delete proof, sessions and stored dialogue replies; the ledger stays."""
        ...


class ProviderReplies(Protocol):
    """Replies sent to the call provider, stored so that a repeated request gets the same one."""

    async def get(self, session_id: SessionId, turn: int) -> str | None: ...

    async def put(self, session_id: SessionId, turn: int, body: str) -> None:
        """Store the reply of a turn; StaleStateError if the turn was answered meanwhile."""
        ...

    async def register_event(self, provider: str, event: str, at: datetime) -> bool:
        """Register a provider event: True the first time, False for each repetition."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the append-only audit trail; holds no code and no full number."""

    at: datetime
    kind: str
    subject: str
    actor: str
    detail: str = ""


Recorded: TypeAlias = AuditEvent | Question
"""A record added by a commit that metrics count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Filter for audit lines; an empty field matches everything."""

    kind: str = ""
    """Prefix of the kind."""
    subject: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """An event of the audit trail with its sequence number."""

    number: int
    """Sequence number, ascending."""
    event: AuditEvent


class AuditReader(Protocol):
    """The audit trail, read-only."""

    async def about(self, subject: str) -> Sequence[AuditEvent]:
        """All events about a subject, in the order they were added."""
        ...

    async def newest(
        self, wanted_filter: AuditFilter, *, before: int | None = None, limit: int
    ) -> Sequence[AuditLine]:
        """Matching lines, newest first, starting before the line number `before` if given."""
        ...

    async def subject_counts(self, kinds: Collection[str], since: datetime) -> Mapping[str, int]:
        """Number of distinct subjects per kind of event since then."""
        ...


class Audit(AuditReader, Protocol):
    async def add(self, event: AuditEvent) -> None: ...

    async def erase(self, subject: str) -> None: ...
