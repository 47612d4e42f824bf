"""Records about calls: verifications, what was answered, the audit trail."""

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
    async def load(self, freelancer_id: FreelancerId) -> Verification:
        """With the latest call session; version 0 if there is nothing yet."""
        ...

    async def of_session(self, session_id: SessionId) -> Verification | None:
        """The freelancer's verification, with *that* session in place of the latest."""
        ...

    async def calling(self, key: NumberKey) -> Verification | None:
        """Whose call to this number has not ended, with that session."""
        ...

    async def busy_until(self, freelancer_id: FreelancerId, key: NumberKey) -> datetime | None:
        """When the code of another account's call to this number ends, if one is in course."""
        ...

    async def sessions(self, freelancer_id: FreelancerId) -> Sequence[CallSession]:
        """Those that are still kept, oldest first."""
        ...


class Verifications(VerificationsReader, Protocol):
    async def save(self, verification: Verification) -> None:
        """Write what was proved, and the session, over the version that was read.

        If the stored version is another by now, or an active session for the same number exists,
        StaleStateError.
        """
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None:
        """What was proved, sessions and what was said in them; the ledger stays."""
        ...


class ProviderReplies(Protocol):
    """What was answered to the call provider, so that a repeated request changes nothing."""

    async def get(self, session_id: SessionId, turn: int) -> str | None: ...

    async def put(self, session_id: SessionId, turn: int, body: str) -> None:
        """StaleStateError if the turn was answered meanwhile."""
        ...

    async def first_time(self, provider: str, event: str, at: datetime) -> bool:
        """True once a provider event, False for each repetition."""
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
"""What a commit can have added that is worth counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which lines are wanted; what is left empty lets all pass."""

    kind: str = ""
    """What the kind begins with."""
    subject: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    number: int
    """Later lines have higher ones."""
    event: AuditEvent


class AuditReader(Protocol):
    async def about(self, subject: str) -> Sequence[AuditEvent]:
        """In the order in which they were added."""
        ...

    async def newest(
        self, wanted: AuditFilter, *, before: int | None = None, limit: int
    ) -> Sequence[AuditLine]:
        """Backwards from the line `before`, or from the last one."""
        ...

    async def people(self, kinds: Collection[str], since: datetime) -> Mapping[str, int]:
        """To how many subjects each kind has happened since then."""
        ...


class Audit(AuditReader, Protocol):
    async def add(self, event: AuditEvent) -> None: ...

    async def erase(self, subject: str) -> None: ...
