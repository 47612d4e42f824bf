"""What a call says, as the provider's XML: parsed back, and never with a code in it."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from bot.demo.phone.twiml import Hangup, Pause, Redirect, Say, parse_twiml
from bot.gateways.ports import CallStep, ClaimedCall
from bot.gateways.twilio.client import TwilioCalls
from bot.presentation.speech import Speaker, Speech
from bot.presentation.templates import Templating
from state.model.verification import (
    AskAck,
    AskCode,
    Ending,
    Farewell,
    Prompt,
    SessionId,
    Silence,
    WrongCode,
)
from state.rules.call_events import PickedUp
from tests.support.phone import sid_of
from tests.support.scenes import settings_for

SESSION = SessionId("a" * 32)
SPEAKER = Speaker(Templating(brand='Tom & "Jerry" <Ltd>', code_digits=6))


def twiml(speech: Speech, turn: int = 2, tried: int = 0, *, speech_timeout: str = "auto") -> str:
    """What follows the turn."""
    call = ClaimedCall(session_id=SESSION, sid=sid_of(1), number="+12025550123")
    settings = settings_for("sqlite+aiosqlite://", twilio_speech_timeout=speech_timeout)
    step = CallStep(call=call, turn=turn, happened=PickedUp(), tried=tried)
    return TwilioCalls(settings).say(speech, step)


def rendered(prompt: Prompt, *, speech_timeout: str = "auto") -> Element:
    return fromstring(twiml(SPEAKER.speech(prompt), speech_timeout=speech_timeout))


def test_the_greeting_waits_for_one_key_and_names_the_brand() -> None:
    gather = rendered(AskAck())[0]

    assert gather.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "8",
        "actionOnEmptyResult": "true",
        "method": "POST",
        "action": f"https://desk.example/hooks/twilio/ack/{SESSION}/3",
    }
    assert 'this is Tom & "Jerry" <Ltd>.' in (gather[0].text or "")


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (AskCode(), "Now key in, or say slowly, the 6 digits"),
        (AskCode(misheard=True), "Sorry, I didn't get 6 digits."),
        (WrongCode(2), "You have 2 attempts left."),
        (WrongCode(1), "You have 1 attempt left."),
    ],
)
def test_the_code_may_be_keyed_or_spoken(prompt: Prompt, said: str) -> None:
    gather = rendered(prompt)[0]

    assert (gather.get("input"), gather.get("numDigits")) == ("dtmf speech", "6")
    assert gather.get("action") == f"https://desk.example/hooks/twilio/code/{SESSION}/3"
    assert said in (gather[0].text or "")


def test_the_last_attempt_accepts_keys_only() -> None:
    gather = rendered(AskCode(misheard=True, keypad_only=True))[0]

    assert gather.get("input") == "dtmf"
    assert gather.get("hints") is None
    assert "on the keypad" in (gather[0].text or "")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Ending.VERIFIED, "Your number is verified. Goodbye."),
        (Ending.LOCKED, "it was the last attempt"),
        (Ending.DECLINED, "Thank you for telling us."),
        (Ending.EXPIRED, "This code has run out."),
        (Ending.ABANDONED, "Please look at your chat"),
        (Ending.NUMBER_IN_USE, "Please look at your chat"),
    ],
)
def test_every_ending_is_spoken_before_hanging_up(how: Ending, said: str) -> None:
    response = rendered(Farewell(how))

    assert [element.tag for element in response] == ["Say", "Hangup"]
    assert said in (response[0].text or "")


def test_an_unexpected_request_is_hung_up_silently() -> None:
    assert [element.tag for element in rendered(Silence())] == ["Hangup"]


# ---------------------------------------------------------------- what the provider makes of it


EVERY_PROMPT: list[Prompt] = [
    AskAck(),
    AskCode(),
    AskCode(misheard=True),
    AskCode(misheard=True, keypad_only=True),
    WrongCode(1),
    Silence(),
    *(Farewell(how) for how in Ending),
]


@pytest.mark.parametrize("prompt", EVERY_PROMPT, ids=str)
def test_every_document_is_valid_twiml(prompt: Prompt) -> None:
    verbs = parse_twiml(twiml(SPEAKER.speech(prompt)), "text/xml")

    assert verbs[-1] == Hangup()


def moment(turn: int, *, tried: int) -> str:
    return twiml(SPEAKER.please_wait(tried), turn=turn, tried=tried)


@pytest.mark.attack("T25")
def test_asking_for_a_moment_repeats_the_turn_with_a_counter() -> None:
    said, pause, back = parse_twiml(moment(3, tried=1), "text/xml")

    assert isinstance(said, Say)
    assert said.text == "One moment, please."
    assert pause == Pause(seconds=1)
    assert back == Redirect(url=f"https://desk.example/hooks/twilio/fallback/{SESSION}/3?tried=2")


@pytest.mark.attack("T25")
def test_after_three_moments_the_call_is_hung_up() -> None:
    said, end = parse_twiml(moment(3, tried=3), "text/xml")

    assert isinstance(said, Say)
    assert "This did not cost you an attempt." in said.text
    assert end == Hangup()


def test_the_speech_timeout_follows_the_settings() -> None:
    gather = rendered(AskCode(), speech_timeout="3")[0]

    assert gather.get("speechTimeout") == "3"
    assert rendered(AskCode())[0].get("speechTimeout") == "auto"
