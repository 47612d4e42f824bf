"""Records about calls: verifications, what was answered, the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId
from state.model.verification import CallHistory, NumberKey, SessionId, Verification


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
