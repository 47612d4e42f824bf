"""Where a person stands with their verification, for display."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from state.model.verification import CallSession, NumberKey, Verification, Verified
from state.policy import VerificationPolicy
from state.rules.call_steps import overdue
from state.rules.rounds import locked_until, tries_left
from state.rules.verification import running


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No call was ever asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRunning:
    session: CallSession
    tries_left: int


@dataclass(frozen=True, slots=True)
class Locked:
    until: datetime


@dataclass(frozen=True, slots=True)
class VerifiedStanding:
    at: datetime


@dataclass(frozen=True, slots=True)
class CanCall:
    tries_left: int


VerificationStanding: TypeAlias = NotStarted | CallRunning | Locked | VerifiedStanding | CanCall


def standing(
    verification: Verification,
    *,
    now: datetime,
    policy: VerificationPolicy,
    number_key: NumberKey | None = None,
) -> VerificationStanding:
    """With `number_key`, being verified means: with that number."""
    found = verification.round
    left = tries_left(found, now=now, policy=policy)
    until = locked_until(found, now=now)
    session = running(verification)
    if until is not None:
        return Locked(until)
    if session is not None and overdue(session, now=now, policy=policy) is None:
        return CallRunning(session=session, tries_left=left)
    if isinstance(found, Verified) and number_key in {None, found.number_key}:
        return VerifiedStanding(found.at)
    return NotStarted() if verification.session is None else CanCall(left)
