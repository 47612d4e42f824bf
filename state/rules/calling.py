"""Decide whether a call may be placed now, and if not, when: locks, rate limits, costs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from state.model.ledger import CallHistory
from state.model.verification import (
    AlreadyVerified,
    CallDecision,
    NumberKey,
    PlaceCall,
    Reason,
    Running,
    Verification,
    WaitUntil,
)
from state.policy import VerificationPolicy
from state.rules.call_steps import overdue
from state.rules.limits import WINDOW
from state.rules.rounds import number_locked_until, person_locked_until
from state.rules.verification import running


def call_decision(
    verification: Verification,
    number_key: NumberKey,
    history: CallHistory,
    *,
    now: datetime,
    policy: VerificationPolicy,
    steady: bool = True,
) -> CallDecision:
    """Decide on a call to a number; of several limits, the one that ends last is returned.

    `steady`: whether the clock can be trusted; if not, neither can locks and limits.
    """
    session = running(verification)
    if session is not None and overdue(session, now=now, policy=policy) is None:
        return Running(session)
    proved = verification.proved
    if proved is not None and proved.number_key == number_key:
        return AlreadyVerified(proved.at)
    waits = [wait for wait in _waits(history, now, policy) if wait.until > now]
    if not steady:
        waits.append(WaitUntil(now + policy.provider_pause, Reason.PAUSED))
    return max(waits, key=lambda wait: wait.until, default=PlaceCall())


def _waits(history: CallHistory, now: datetime, policy: VerificationPolicy) -> Iterator[WaitUntil]:
    wrong = history.attempts
    ends: list[tuple[datetime | None, Reason]] = [
        (person_locked_until(wrong, now=now, policy=policy), Reason.LOCKED),
        (number_locked_until(wrong, now=now, policy=policy), Reason.NUMBER_LOCKED),
        (_after(history.declined_at, WINDOW), Reason.DECLINED),
        (_busy(history, now, policy), Reason.NUMBER_BUSY),
        (_after(history.last_call_at, policy.call_pause), Reason.TOO_SOON),
        (
            _room_at(history.number_calls_at, policy.calls_per_number, now),
            Reason.CALLS_PER_NUMBER,
        ),
        (
            _room_at(history.freelancer_calls_at, policy.calls_per_freelancer, now),
            Reason.CALLS_PER_FREELANCER,
        ),
        (
            _room_at(history.freelancer_asks_at, policy.asks_per_freelancer, now),
            Reason.ASKS_PER_FREELANCER,
        ),
        (
            _full(history.block_calls, policy.calls_per_block, history.block_window_ends_at),
            Reason.CALLS_PER_BLOCK,
        ),
        (
            _full(history.region_calls, policy.calls_per_region, history.region_window_ends_at),
            Reason.CALLS_PER_REGION,
        ),
        (
            _full(history.desk_calls, policy.calls_per_desk, history.desk_window_ends_at),
            Reason.CALLS_OF_DESK,
        ),
        (_after(history.misconfigured_at, policy.provider_pause), Reason.PAUSED),
    ]
    return (WaitUntil(until, why) for until, why in ends if until is not None)


def _full(calls: int, limit: int, window_ends_at: datetime | None) -> datetime | None:
    return window_ends_at if calls >= limit else None


def _after(moment: datetime | None, pause: timedelta) -> datetime | None:
    return None if moment is None else moment + pause


def _busy(history: CallHistory, now: datetime, policy: VerificationPolicy) -> datetime | None:
    """An overdue call keeps its number busy until it has been ended."""
    if history.number_busy_until is None:
        return None
    return max(history.number_busy_until, now + policy.call_pause)


def _room_at(calls_at: Sequence[datetime], limit: int, now: datetime) -> datetime | None:
    """When the calls within the window drop below the limit; None if they are below now."""
    counted = [at for at in calls_at if at + WINDOW > now]
    return counted[-limit] + WINDOW if len(counted) >= limit else None
