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
def test_a_running_call_shows_the_code_and_its_expiry(phase: Phase, told: str) -> None:
    shown = screen(phase)

    assert shown.startswith(told)
    assert f"Your code: {CODE}" in shown
    assert "For this call only, until 23 Nov 2026, 12:10 UTC." in shown
    assert "3 attempts left." in shown


def test_a_wrong_code_is_mentioned_next_to_the_code() -> None:
    assert "That was not the code. 1 attempt left." in screen(
        AwaitingCode(), tries_left=1, cost_a_try=True
    )


def test_a_wrong_code_of_an_earlier_call_is_not_mentioned() -> None:
    shown = screen(AwaitingCode(), tries_left=1)

    assert "That was not the code." not in shown
    assert "1 attempt left." in shown


def test_a_closing_call_shows_no_code() -> None:
    assert screen(Closing(START)) == "The call is over; one moment …"


@pytest.mark.parametrize("ending", Ending)
def test_a_finished_call_shows_no_code(ending: Ending) -> None:
    screen = a_screen(Ended(ending, START), code=CODE, locked_until=TOMORROW)

    assert CODE not in words(call_views.call_screen(screen, policy(), fresh=False))


@pytest.mark.parametrize("ending", sorted(set(Ending) - {Ending.VERIFIED, Ending.LOCKED}))
def test_every_ending_that_allows_it_offers_a_next_step(ending: Ending) -> None:
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
def test_an_ending_by_no_fault_of_the_person_costs_no_attempt(ending: Ending) -> None:
    reply = call_views.call_screen(a_screen(Ended(ending, START)), policy(), fresh=False)

    assert "This did not cost you an attempt. 3 attempts left." in words(reply)
    assert labels(reply) == AGAIN


@pytest.mark.parametrize("ending", [Ending.ABANDONED, Ending.EXPIRED, Ending.CANCELLED])
def test_a_call_with_a_wrong_code_is_shown_to_cost_an_attempt(ending: Ending) -> None:
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
def test_a_finished_call_says_when_another_may_follow(
    why: Reason, until: datetime, told: str
) -> None:
    shown = screen(Ended(Ending.BUSY, START), wait=WaitUntil(until, why))

    assert told in shown


def test_a_declined_number_shows_until_when_it_is_blocked() -> None:
    shown = screen(Ended(Ending.DECLINED, START), wait=WaitUntil(TOMORROW, Reason.DECLINED))

    assert "I won't call this number for you before 24 Nov 2026, 12:00 UTC" in shown


def test_a_code_sent_by_telegram_has_a_cancel_button_of_its_own() -> None:
    reply = call_views.call_screen(
        a_screen(AwaitingTyped(), channel=Channel.GATEWAY, code=None), policy(), fresh=False
    )

    assert labels(reply) == ["Cancel this code"]


def test_a_lock_shows_its_end_in_local_time_and_utc() -> None:
    reply = call_views.call_screen(
        a_screen(Ended(Ending.LOCKED, START), locked_until=TOMORROW, tries_left=0),
        policy(),
        fresh=False,
    )

    assert '<tg-time unix="1795521600" format="Dt">' in presented(reply).text
    assert "(24 Nov 2026, 12:00 UTC)" in words(reply)


def test_all_messages_of_a_call_share_one_matter() -> None:
    fresh = call_views.call_screen(a_screen(Queued()), policy(), fresh=True)
    later = call_views.call_screen(a_screen(Dialing()), policy(), fresh=False)

    assert fresh.matter == later.matter == f"call:{'5' * 32}"
    assert (fresh.edit, later.edit) == (False, True)
