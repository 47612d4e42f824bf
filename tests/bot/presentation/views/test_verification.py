"""Phone verification in words: where one stands, every reason to wait, the number."""

from datetime import timedelta
from typing import Any

import pytest

from bot.presentation.views import verification as verification_views
from state.model.channel import Channel
from state.model.verification import (
    AlreadyVerified,
    CallDecision,
    Dialing,
    PlaceCall,
    Reason,
    Running,
    WaitUntil,
)
from state.rules.phone_number import NumberRefusal, NumberRefused
from state.rules.standing import CallRunning, CanCall, Locked, NotStarted, VerifiedStanding
from state.usecases.verification.number import NumberKept
from state.usecases.verification.number_in_use import NoNumber
from state.usecases.verification.read import VerificationView
from tests.bot.presentation.views.shown import labels, presented, words
from tests.support.builders import a_session, policy
from tests.support.fakes import START

TOMORROW = START + timedelta(hours=24)
CALLS = frozenset({Channel.CALL})


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
            "You have 3 attempts; after that, a wait of 24 hours.",
            ["Yes, call me now", "Use another number", "Problems with the call"],
        ),
        (
            a_view(CanCall(1)),
            "You have 1 attempt; after that, a wait of 24 hours.",
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
            "answer the phone when it rings, then press the hash key (#). 3 attempts left.",
            ["Cancel the call"],
        ),
        (
            a_view(NotStarted(), number=None, decision=None),
            "There is no phone number on record for you.",
            ["Use another number"],
        ),
        (
            a_view(NotStarted(), refused=NumberRefusal.KIND, decision=None),
            "I can't call that number.",
            ["Use another number", "Talk to a person"],
        ),
        (
            a_view(CanCall(3), decision=WaitUntil(TOMORROW, Reason.TOO_SOON)),
            "The last call was just now.",
            ["Call me again", "Talk to a person"],
        ),
    ],
)
def test_verify_shows_the_current_status(
    view: VerificationView, told: str, offered: list[str]
) -> None:
    reply = verification_views.standing(view, policy(), CALLS)

    assert told in words(reply)
    assert labels(reply) == offered


@pytest.mark.parametrize("why", Reason)
def test_every_reason_to_wait_shows_until_when(why: Reason) -> None:
    [reply] = verification_views.call_decision(WaitUntil(TOMORROW, why), policy(), CALLS)

    assert "24 Nov 2026, 12:00 UTC" in words(reply)
    assert labels(reply)[-1] == "Talk to a person"


@pytest.mark.parametrize(
    ("why", "offered"),
    [
        (Reason.TOO_SOON, ["Call me again", "Talk to a person"]),
        (Reason.PAUSED, ["Yes, call me now", "Talk to a person"]),
        (Reason.DECLINED, ["Use another number", "Talk to a person"]),
        (Reason.CALLS_PER_NUMBER, ["Use another number", "Talk to a person"]),
        (Reason.CALLS_PER_FREELANCER, ["Talk to a person"]),
        (Reason.LOCKED, ["Talk to a person"]),
    ],
)
def test_a_wait_offers_the_fitting_alternatives(why: Reason, offered: list[str]) -> None:
    [reply] = verification_views.call_decision(WaitUntil(TOMORROW, why), policy(), CALLS)

    assert labels(reply) == offered


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (Running(a_session(Dialing())), "Your call is still on: answer the phone when it rings"),
        (AlreadyVerified(START), "Your number is verified."),
        (NumberRefused(NumberRefusal.REGION), "I can't call that number."),
        (NoNumber(), "There is no phone number on record for you."),
    ],
)
def test_a_refused_call_is_explained(
    decision: CallDecision | NumberRefused | NoNumber, told: str
) -> None:
    [reply] = verification_views.call_decision(decision, policy(), CALLS)

    assert told in words(reply)


def test_a_granted_call_needs_no_further_reply() -> None:
    assert verification_views.call_decision(PlaceCall(), policy(), CALLS) == []


@pytest.mark.parametrize(
    "why", [NumberRefusal.NOT_VALID, NumberRefusal.KIND, NumberRefusal.REGION]
)
def test_all_refused_kinds_of_numbers_get_the_same_explanation(why: NumberRefusal) -> None:
    view = a_view(NotStarted())

    [reply] = verification_views.number_edited(NumberRefused(why), view, policy(), CALLS)

    assert words(reply).startswith("I can't call that number. Please send another one")


def test_a_stored_number_is_confirmed_and_the_keyboard_removed() -> None:
    view = a_view(CanCall(2))

    noted, question = verification_views.number_edited(
        NumberKept("+44 … 56"), view, policy(), CALLS
    )

    assert (words(noted), presented(noted).keyboard) == (
        "Noted: +44 … 56.",
        {"remove_keyboard": True},
    )
    assert "You have 2 attempts;" in words(question)
    assert "Can't hear or speak on the phone?" in words(question)
    assert labels(question)[:2] == ["Yes, call me now", "Use another number"]


def test_a_stored_number_without_any_channel_says_that_it_cannot_be_verified() -> None:
    view = a_view(NotStarted())

    _, told = verification_views.number_edited(NumberKept("+44 … 56"), view, policy(), frozenset())

    assert words(told).startswith("I can't place calls at the moment.")
