"""State of a person's verification, for display."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from state.model.ledger import Attempts
from state.model.verification import CallSession, NumberKey, Verification
from state.policy import VerificationPolicy
from state.rules.call_steps import overdue
from state.rules.rounds import person_locked_until, tries_left
from state.rules.verification import running


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No call was ever requested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRunning:
    session: CallSession
    tries_left: int


@dataclass(frozen=True, slots=True)
class Locked:
    """The person is locked out until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class VerifiedStanding:
    at: datetime


@dataclass(frozen=True, slots=True)
class CanCall:
    """No call is running, and one may be requested."""

    tries_left: int


VerificationStanding: TypeAlias = NotStarted | CallRunning | Locked | VerifiedStanding | CanCall


def standing(
    verification: Verification,
    attempts: Attempts,
    *,
    now: datetime,
    policy: VerificationPolicy,
    number_key: NumberKey | None = None,
) -> VerificationStanding:
    """The state for display; with `number_key`, only a proof of that number counts as verified."""
    proved = verification.proved
    if proved is not None and number_key in {None, proved.number_key}:
        return VerifiedStanding(proved.at)
    left = tries_left(attempts, now=now, policy=policy)
    until = person_locked_until(attempts, now=now, policy=policy)
    session = running(verification)
    if until is not None:
        return Locked(until)
    if session is not None and overdue(session, now=now, policy=policy) is None:
        return CallRunning(session=session, tries_left=left)
    return NotStarted() if verification.session is None else CanCall(left)
