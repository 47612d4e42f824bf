"""What a call says, as the provider's XML: parsed back, and never with a code in it."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from bot.templating import Templating
from bot.web.twiml import Dialogue
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

SESSION = SessionId("a" * 32)
DIALOGUE = Dialogue(Templating(brand='Tom & "Jerry" <Ltd>'), "https://desk.example")


def rendered(prompt: Prompt) -> Element:
    return fromstring(DIALOGUE.render(prompt, SESSION, 3))


def test_the_greeting_waits_for_one_key_and_names_the_desk() -> None:
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
        (AskCode(), "Now key in, or say slowly, the six digits"),
        (AskCode(misheard=True), "Sorry, I didn't get six digits."),
        (WrongCode(2), "You have 2 tries left."),
        (WrongCode(1), "You have 1 try left."),
    ],
)
def test_the_code_may_be_keyed_or_said(prompt: Prompt, said: str) -> None:
    gather = rendered(prompt)[0]

    assert (gather.get("input"), gather.get("numDigits")) == ("dtmf speech", "6")
    assert gather.get("action") == f"https://desk.example/hooks/twilio/code/{SESSION}/3"
    assert said in (gather[0].text or "")


def test_the_last_chance_takes_keys_alone() -> None:
    gather = rendered(AskCode(misheard=True, keypad_only=True))[0]

    assert gather.get("input") == "dtmf"
    assert gather.get("hints") is None
    assert "on the keypad" in (gather[0].text or "")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Ending.VERIFIED, "Your number is verified. Goodbye."),
        (Ending.LOCKED, "it was the last try"),
        (Ending.DECLINED, "Thank you for telling us."),
        (Ending.EXPIRED, "This code has run out."),
        (Ending.ABANDONED, "Please look at your chat"),
        (Ending.NUMBER_IN_USE, "Please look at your chat"),
    ],
)
def test_every_ending_is_said_before_hanging_up(how: Ending, said: str) -> None:
    response = rendered(Farewell(how))

    assert [element.tag for element in response] == ["Say", "Hangup"]
    assert said in (response[0].text or "")


def test_a_stray_request_is_hung_up_without_a_word() -> None:
    assert [element.tag for element in rendered(Silence())] == ["Hangup"]
