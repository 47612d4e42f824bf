"""Phone verification in words: every phase, every ending, every reason to wait."""

from datetime import timedelta
from typing import Any

import pytest

from bot import views
from state.model.channel import Channel
from state.model.verification import (
    AlreadyVerified,
    AwaitingAck,
    AwaitingCode,
    CallDecision,
    Closing,
    Dialing,
    Ended,
    Ending,
    Phase,
    PlaceCall,
    Placing,
    Queued,
    Reason,
    Running,
    SessionId,
    WaitUntil,
)
from state.rules.phone_number import NumberRefused, Refusal
from state.rules.standing import CallRunning, CanCall, Locked, NotStarted, VerifiedStanding
from state.usecases.edit_number import NumberKept
from state.usecases.number_in_use import NoNumber
from state.usecases.read_call_screen import CallScreen
from state.usecases.read_verification import VerificationView
from tests.bot.views.shown import labels, presented, words
from tests.builders import ADA, a_session, policy
from tests.fakes import START

CODE = "482 913"
TOMORROW = START + timedelta(hours=24)
CALLS = frozenset({Channel.CALL})
AGAIN = ["Call me again", "Use another number", "Problems with the call"]


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
        "expires_at": START + timedelta(minutes=10),
        "locked_until": None,
        "progress": None,
    }
    return CallScreen(**{**fields, **changes})


def screen(phase: Phase, **changes: Any) -> str:
    return words(views.call.call_screen(a_screen(phase, **changes), policy(), fresh=False))


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (Queued(), "Calling +44 … 56 …"),
        (Placing(START), "Calling +44 … 56 …"),
        (Dialing(), "Your phone is ringing: +44 … 56"),
        (AwaitingAck(), "Now press the hash key (#) on your phone."),
        (AwaitingCode(), "Now key in or say these six digits in the call."),
    ],
)
def test_while_the_call_is_on_the_code_is_shown_with_its_end(phase: Phase, told: str) -> None:
    shown = screen(phase)

    assert shown.startswith(told)
    assert f"Your code: {CODE}" in shown
    assert "For this call only, until 23 Nov 2026, 12:10 UTC." in shown
    assert "3 tries left." in shown


def test_a_wrong_code_is_told_where_the_code_is() -> None:
    assert "That was not the code. 1 try left." in screen(AwaitingCode(), tries_left=1)


def test_a_call_that_closes_shows_no_code_any_more() -> None:
    assert screen(Closing(START)) == "The call is over; one moment …"


@pytest.mark.parametrize("ending", Ending)
def test_no_ending_shows_a_code(ending: Ending) -> None:
    screen = a_screen(Ended(ending, START), code=CODE, locked_until=TOMORROW)

    assert CODE not in words(views.call.call_screen(screen, policy(), fresh=False))


@pytest.mark.parametrize("ending", sorted(set(Ending) - {Ending.VERIFIED, Ending.LOCKED}))
def test_every_ending_but_the_last_two_says_what_to_do_next(ending: Ending) -> None:
    reply = views.call.call_screen(a_screen(Ended(ending, START)), policy(), fresh=False)

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
    reply = views.call.call_screen(a_screen(Ended(ending, START)), policy(), fresh=False)

    assert "This did not cost you a try. 3 tries left." in words(reply)
    assert labels(reply) == AGAIN


def test_a_lock_is_told_with_its_end_in_both_clocks() -> None:
    reply = views.call.call_screen(
        a_screen(Ended(Ending.LOCKED, START), locked_until=TOMORROW, tries_left=0),
        policy(),
        fresh=False,
    )

    assert '<tg-time unix="1795521600" format="Dt">' in presented(reply).text
    assert "(24 Nov 2026, 12:00 UTC)" in words(reply)


def test_a_call_has_one_living_message() -> None:
    fresh = views.call.call_screen(a_screen(Queued()), policy(), fresh=True)
    later = views.call.call_screen(a_screen(Dialing()), policy(), fresh=False)

    assert fresh.matter == later.matter == f"call:{'5' * 32}"
    assert (fresh.edit, later.edit) == (False, True)


def a_view(standing: Any, **changes: Any) -> VerificationView:
    fields: dict[str, Any] = {
        "number": "+44 … 56",
        "refused": None,
        "decision": PlaceCall(),
        "attempts": 3,
    }
    return VerificationView(**{"standing": standing, **fields, **changes})


@pytest.mark.parametrize(
    ("view", "told", "offered"),
    [
        (
            a_view(NotStarted()),
            "You have 3 tries; after that, a wait of 24 hours.",
            ["Yes, call me now", "Use another number", "Problems with the call"],
        ),
        (
            a_view(CanCall(1)),
            "You have 1 try; after that, a wait of 24 hours.",
            ["Yes, call me now", "Use another number", "Problems with the call"],
        ),
        (
            a_view(VerifiedStanding(START)),
            "Your number +44 … 56 is verified. Since 23 Nov 2026, 12:00 UTC.",
            ["My Connects", "Use another number"],
        ),
        (a_view(Locked(TOMORROW)), "so there is a wait of 24 hours.", ["Talk to a person"]),
        (
            a_view(CallRunning(session=a_session(Dialing()), tries_left=3)),
            "A call is on its way already.",
            ["Cancel the call"],
        ),
        (
            a_view(NotStarted(), number=None, decision=None),
            "There is no phone number on record for you.",
            ["Use another number"],
        ),
        (
            a_view(NotStarted(), refused=Refusal.KIND, decision=None),
            "I can't call that number.",
            ["Use another number", "Talk to a person"],
        ),
        (
            a_view(CanCall(3), decision=WaitUntil(TOMORROW, Reason.TOO_SOON)),
            "The last call was just now.",
            ["Talk to a person"],
        ),
    ],
)
def test_verify_says_where_one_stands(
    view: VerificationView, told: str, offered: list[str]
) -> None:
    reply = views.phone.standing(view, policy(), CALLS)

    assert told in words(reply)
    assert labels(reply) == offered


@pytest.mark.parametrize("why", Reason)
def test_every_reason_to_wait_says_until_when(why: Reason) -> None:
    [reply] = views.phone.call_decision(WaitUntil(TOMORROW, why), policy())

    assert "24 Nov 2026, 12:00 UTC" in words(reply)
    assert labels(reply) == ["Talk to a person"]


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (Running(a_session(Dialing())), "A call is on its way already."),
        (AlreadyVerified(START), "Your number is verified."),
        (NumberRefused(Refusal.REGION), "I can't call that number."),
        (NoNumber(), "There is no phone number on record for you."),
    ],
)
def test_a_call_that_is_not_placed_is_explained(
    decision: CallDecision | NumberRefused | NoNumber, told: str
) -> None:
    [reply] = views.phone.call_decision(decision, policy())

    assert told in words(reply)


def test_a_call_that_is_placed_speaks_for_itself() -> None:
    assert views.phone.call_decision(PlaceCall(), policy()) == []


@pytest.mark.parametrize("why", [Refusal.NOT_VALID, Refusal.KIND, Refusal.REGION])
def test_why_a_number_is_never_called_is_told_in_one_and_the_same_way(why: Refusal) -> None:
    [reply] = views.phone.number_edited(NumberRefused(why), CALLS)

    assert words(reply).startswith("I can't call that number. Please send another one")


def test_a_number_that_is_noted_is_confirmed_and_the_keyboard_goes() -> None:
    noted, question = views.phone.number_edited(NumberKept("+44 … 56"), CALLS)

    assert (words(noted), presented(noted).keyboard) == (
        "Noted: +44 … 56.",
        {"remove_keyboard": True},
    )
    assert labels(question) == ["Yes, call me now", "Use another number"]
