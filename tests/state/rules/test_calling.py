"""Calls cost money: when the next one may be placed, and what is said until then."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from state.model.ledger import Attempts, CallHistory
from state.model.verification import (
    AlreadyVerified,
    AwaitingCode,
    CallDecision,
    Closing,
    Dialing,
    Phase,
    PlaceCall,
    Placing,
    Queued,
    Reason,
    Running,
    Verification,
    Verified,
    WaitUntil,
)
from state.rules.calling import call_decision
from tests.state.rules.call_stories import RULES
from tests.support.builders import KEY, OTHER_KEY, a_session, a_verification, wrong_codes
from tests.support.fakes import START

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


def ago(**gap: float) -> datetime:
    return START - timedelta(**gap)


def decided(verification: Verification, **history: Any) -> CallDecision:
    return call_decision(verification, KEY, CallHistory(**history), now=START, policy=RULES)


def test_without_earlier_calls_a_call_may_be_placed() -> None:
    assert decided(a_verification()) == PlaceCall()


@pytest.mark.parametrize(
    "phase", [Queued(), Placing(START), Dialing(), AwaitingCode(), Closing(START)], ids=str
)
def test_a_running_call_is_returned(phase: Phase) -> None:
    assert decided(a_verification(phase)) == Running(a_session(phase))


@pytest.mark.parametrize(
    "verification",
    [
        a_verification(AwaitingCode(), expires_at=START),
        a_verification(Placing(ago(seconds=90))),
        a_verification(Closing(ago(seconds=5))),
    ],
)
def test_an_expired_call_blocks_nothing(verification: Verification) -> None:
    assert decided(verification) == PlaceCall()


def test_a_verified_number_needs_no_call_but_another_number_does() -> None:
    assert decided(a_verification(proved=Verified(START, KEY))) == AlreadyVerified(START)
    assert decided(a_verification(proved=Verified(START, OTHER_KEY))) == PlaceCall()


@pytest.mark.attack("T44", "T45")
@pytest.mark.parametrize(
    ("history", "until", "why"),
    [
        (
            {"attempts": Attempts(number_locked_until=START + HOUR)},
            START + HOUR,
            Reason.NUMBER_LOCKED,
        ),
        (
            {"attempts": Attempts(at_number=(ago(hours=5), ago(hours=4), ago(hours=1)))},
            START + 19 * HOUR,
            Reason.NUMBER_LOCKED,
        ),
        (
            {"attempts": Attempts(of_person=(ago(hours=5), ago(hours=4), ago(hours=1)))},
            START + 19 * HOUR,
            Reason.LOCKED,
        ),
        (
            {"freelancer_asks_at": tuple(ago(hours=h) for h in range(23, 8, -1))},
            START + HOUR,
            Reason.ASKS_PER_FREELANCER,
        ),
        ({"declined_at": ago(hours=1)}, START + 23 * HOUR, Reason.DECLINED),
        (
            {"block_calls": RULES.calls_per_block, "block_window_ends_at": START + HOUR},
            START + HOUR,
            Reason.CALLS_PER_BLOCK,
        ),
        (
            {"region_calls": RULES.calls_per_region, "region_window_ends_at": START + HOUR},
            START + HOUR,
            Reason.CALLS_PER_REGION,
        ),
        ({"misconfigured_at": ago(minutes=5)}, START + timedelta(minutes=10), Reason.PAUSED),
        (
            {"number_busy_until": START + timedelta(minutes=9)},
            START + timedelta(minutes=9),
            Reason.NUMBER_BUSY,
        ),
        (
            {"number_busy_until": ago(minutes=1)},
            START + timedelta(minutes=1),
            Reason.NUMBER_BUSY,
        ),
        ({"last_call_at": ago(seconds=20)}, START + timedelta(seconds=40), Reason.TOO_SOON),
        (
            {"number_calls_at": (ago(hours=20), ago(hours=3), ago(hours=2))},
            START + 4 * HOUR,
            Reason.CALLS_PER_NUMBER,
        ),
        (
            {"number_calls_at": (ago(hours=20), ago(hours=10), ago(hours=3), ago(hours=2))},
            START + 14 * HOUR,
            Reason.CALLS_PER_NUMBER,
        ),
        (
            {"freelancer_calls_at": tuple(ago(hours=h) for h in (23, 22, 5, 4, 3))},
            START + HOUR,
            Reason.CALLS_PER_FREELANCER,
        ),
        (
            {"desk_calls": 500, "desk_window_ends_at": START + 2 * HOUR},
            START + 2 * HOUR,
            Reason.CALLS_OF_DESK,
        ),
    ],
)
def test_each_limit_gives_its_reason_and_the_end_of_the_wait(
    history: dict[str, Any], until: datetime, why: Reason
) -> None:
    assert decided(a_verification(), **history) == WaitUntil(until, why)


@pytest.mark.parametrize(
    "history",
    [
        {"attempts": Attempts(number_locked_until=START)},
        {"freelancer_asks_at": tuple(ago(hours=h) for h in range(22, 8, -1))},
        {"declined_at": ago(hours=24)},
        {"last_call_at": ago(seconds=60)},
        {"number_calls_at": (ago(hours=24), ago(hours=3), ago(hours=2))},
        {"number_calls_at": (ago(hours=3), ago(hours=2))},
        {"desk_calls": 499, "desk_window_ends_at": START + HOUR},
    ],
)
def test_counts_below_a_limit_and_expired_waits_block_nothing(history: dict[str, Any]) -> None:
    assert decided(a_verification(), **history) == PlaceCall()


def test_a_lock_of_the_person_takes_precedence() -> None:
    found = decided(
        a_verification(), attempts=wrong_codes(locked_until=START + DAY), last_call_at=START
    )

    assert found == WaitUntil(START + DAY, Reason.LOCKED)


def test_of_several_reasons_the_one_ending_last_is_returned() -> None:
    found = decided(
        a_verification(),
        last_call_at=ago(seconds=10),
        attempts=Attempts(number_locked_until=START + 2 * HOUR),
    )

    assert found == WaitUntil(START + 2 * HOUR, Reason.NUMBER_LOCKED)


@pytest.mark.attack("T10")
def test_no_call_is_placed_while_the_clock_is_unreliable() -> None:
    decision = call_decision(
        a_verification(), KEY, CallHistory(), now=START, policy=RULES, steady=False
    )

    assert decision == WaitUntil(START + RULES.provider_pause, Reason.PAUSED)
