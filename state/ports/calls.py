"""Records about calls: verifications, what was answered, the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.verification import (
    CallHistory,
    CallSession,
    NumberKey,
    SessionId,
    Verification,
)


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
        self, freelancer_id: FreelancerId, to: Destination, now: datetime
    ) -> CallHistory:
        """What the limits need to know; windows are the 24 hours before `now`."""
        ...

    async def calling(self, key: NumberKey) -> Verification | None:
        """Whose call to this number has not ended, with that session."""
        ...

    async def declines(self, freelancer_id: FreelancerId, key: NumberKey, since: datetime) -> int:
        """How often "this wasn't me" was pressed for this freelancer, or at this number."""
        ...

    async def sessions(self, freelancer_id: FreelancerId) -> Sequence[CallSession]:
        """Those that are still kept, oldest first."""
        ...

    async def locked_until(self, key: NumberKey) -> datetime | None:
        """The end of the number's lock, also of one that is over."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None:
        """Round, sessions and what was said in them; locks of numbers stay."""
        ...

    async def lock_number(self, key: NumberKey, until: datetime) -> None:
        """A lock is never shortened."""
        ...

    async def unlock_number(self, key: NumberKey) -> None: ...


class Answers(Protocol):
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


class Audit(Protocol):
    async def add(self, event: AuditEvent) -> None: ...

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

    async def erase(self, subject: str) -> None: ...
