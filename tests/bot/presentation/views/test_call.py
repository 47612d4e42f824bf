"""The living message of a call in words: every phase, every ending."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.presentation.views import call as call_views
from state.model.channel import AwaitingTyped, Channel
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    Closing,
    Dialing,
    Ended,
    Ending,
    Phase,
    Placing,
    Queued,
    Reason,
    SessionId,
    WaitUntil,
)
from state.usecases.verification.read_call import CallScreen
from tests.bot.presentation.views.shown import labels, presented, words
from tests.support.builders import ADA, policy
from tests.support.fakes import START

CODE = "482 913"
SOON = START + timedelta(minutes=1)
TOMORROW = START + timedelta(hours=24)
AGAIN = ["Call me again", "Use another number", "Problems with the call", "Talk to a person"]


def a_screen(phase: Phase, **changes: Any) -> CallScreen:
    fields: dict[str, Any] = {
        "session_id": SessionId("5" * 32),
        "freelancer_id": ADA,
        "chat_id": None,
        "phase": phase,
        "channel": Channel.CALL,
        "number": "+44 … 56",
        "code": None if isinstance(phase, Ended) else CODE,
        "tries_left": 3,
        "cost_a_try": False,
        "expires_at": START + timedelta(minutes=10),
        "locked_until": None,
        "wait": None,
        "progress": None,
    }
    return CallScreen(**{**fields, **changes})


def screen(phase: Phase, **changes: Any) -> str:
    return words(call_views.call_screen(a_screen(phase, **changes), policy(), fresh=False))


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (Queued(), "Calling +44 … 56 …"),
        (Placing(START), "Calling +44 … 56 …"),
        (Dialing(), "Your phone is ringing: +44 … 56"),
        (AwaitingAck(), "Now press the hash key (#) on your phone."),
        (AwaitingCode(), "Now key in or say these 6 digits in the call."),
    ],
)
def test_while_the_call_is_on_the_code_is_shown_with_its_end(phase: Phase, told: str) -> None:
    shown = screen(phase)

    assert shown.startswith(told)
    assert f"Your code: {CODE}" in shown
    assert "For this call only, until 23 Nov 2026, 12:10 UTC." in shown
    assert "3 attempts left." in shown


def test_a_wrong_code_is_told_where_the_code_is() -> None:
    assert "That was not the code. 1 attempt left." in screen(
        AwaitingCode(), tries_left=1, cost_a_try=True
    )


def test_a_wrong_code_of_an_earlier_call_is_not_told_again() -> None:
    shown = screen(AwaitingCode(), tries_left=1)

    assert "That was not the code." not in shown
    assert "1 attempt left." in shown


def test_a_call_that_closes_shows_no_code_any_more() -> None:
    assert screen(Closing(START)) == "The call is over; one moment …"


@pytest.mark.parametrize("ending", Ending)
def test_no_ending_shows_a_code(ending: Ending) -> None:
    screen = a_screen(Ended(ending, START), code=CODE, locked_until=TOMORROW)

    assert CODE not in words(call_views.call_screen(screen, policy(), fresh=False))


@pytest.mark.parametrize("ending", sorted(set(Ending) - {Ending.VERIFIED, Ending.LOCKED}))
def test_every_ending_but_the_last_two_says_what_to_do_next(ending: Ending) -> None:
    reply = call_views.call_screen(a_screen(Ended(ending, START)), policy(), fresh=False)

    assert {"Call me again", "Talk to a person", "Use another number"} & set(labels(reply))


@pytest.mark.parametrize(
    "ending",
    [
        Ending.BUSY,
        Ending.NO_ANSWER,
        Ending.ABANDONED,
        Ending.EXPIRED,
        Ending.CANCELLED,
        Ending.PROVIDER_FAILED,
    ],
)
def test_what_is_nobodys_fault_costs_no_try(ending: Ending) -> None:
    reply = call_views.call_screen(a_screen(Ended(ending, START)), policy(), fresh=False)

    assert "This did not cost you an attempt. 3 attempts left." in words(reply)
    assert labels(reply) == AGAIN


@pytest.mark.parametrize("ending", [Ending.ABANDONED, Ending.EXPIRED, Ending.CANCELLED])
def test_a_call_in_which_a_code_was_wrong_did_cost_a_try(ending: Ending) -> None:
    shown = screen(Ended(ending, START), tries_left=2, cost_a_try=True)

    assert "did not cost you an attempt" not in shown
    assert "before a code came" not in shown
    assert "2 attempts left." in shown


@pytest.mark.parametrize(
    ("why", "until", "told"),
    [
        (Reason.TOO_SOON, SOON, "I can call again at 23 Nov 2026, 12:01 UTC."),
        (Reason.CALLS_PER_NUMBER, TOMORROW, "I can call again from 24 Nov 2026, 12:00 UTC ("),
    ],
)
def test_the_end_of_a_call_says_when_another_may_follow(
    why: Reason, until: datetime, told: str
) -> None:
    shown = screen(Ended(Ending.BUSY, START), wait=WaitUntil(until, why))

    assert told in shown


def test_a_number_that_was_refused_on_the_phone_waits_until_a_moment() -> None:
    shown = screen(Ended(Ending.DECLINED, START), wait=WaitUntil(TOMORROW, Reason.DECLINED))

    assert "I won't call this number for you before 24 Nov 2026, 12:00 UTC" in shown


def test_a_code_that_telegram_brings_is_cancelled_as_a_code() -> None:
    reply = call_views.call_screen(
        a_screen(AwaitingTyped(), channel=Channel.GATEWAY, code=None), policy(), fresh=False
    )

    assert labels(reply) == ["Cancel this code"]


def test_a_lock_is_told_with_its_end_in_both_clocks() -> None:
    reply = call_views.call_screen(
        a_screen(Ended(Ending.LOCKED, START), locked_until=TOMORROW, tries_left=0),
        policy(),
        fresh=False,
    )

    assert '<tg-time unix="1795521600" format="Dt">' in presented(reply).text
    assert "(24 Nov 2026, 12:00 UTC)" in words(reply)


def test_a_call_has_one_living_message() -> None:
    fresh = call_views.call_screen(a_screen(Queued()), policy(), fresh=True)
    later = call_views.call_screen(a_screen(Dialing()), policy(), fresh=False)

    assert fresh.matter == later.matter == f"call:{'5' * 32}"
    assert (fresh.edit, later.edit) == (False, True)
