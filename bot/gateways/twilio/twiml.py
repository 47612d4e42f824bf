"""TwiML: renders what a call says and which input it waits for."""

from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.gateways.ports import CallStep
from bot.gateways.twilio.addresses import Addresses
from bot.presentation.speech import Awaited, Speech

VOICE = "en-GB"
_HINTS = (
    "zero, oh, one, two, three, four, five, six, seven, eight, nine, double, "
    "$OOV_CLASS_DIGIT_SEQUENCE"
)
_ANSWERED = {"actionOnEmptyResult": "true", "method": "POST"}
_KEY = {"input": "dtmf", "numDigits": "1", "finishOnKey": "", "timeout": "8"}
_CODE = {"finishOnKey": "#", "timeout": "10"}
_SPOKEN = {
    "input": "dtmf speech",
    "language": VOICE,
    "hints": _HINTS,
    "profanityFilter": "false",
}


def twiml(speech: Speech, step: CallStep, addresses: Addresses, *, speech_timeout: str) -> str:
    """The TwiML document for this step, as text.

    `speech_timeout`: seconds of silence that end a spoken code, or `auto`.
    """
    response = Element("Response")
    session_id, turn = step.call.session_id, step.turn
    code = _CODE | {"numDigits": str(speech.code_digits)}
    following = addresses.step("code", session_id, turn + 1)
    match speech.awaited:
        case Awaited.NOTHING:
            _say(response, speech)
        case Awaited.KEY:
            _gather(response, speech, _KEY, addresses.step("ack", session_id, turn + 1))
        case Awaited.CODE:
            spoken = _SPOKEN | {"speechTimeout": speech_timeout}
            _gather(response, speech, spoken | code, following)
        case Awaited.KEYED_CODE:
            _gather(response, speech, {"input": "dtmf"} | code, following)
        case Awaited.SAME_TURN:
            _say(response, speech)
            SubElement(response, "Pause", length="1")
            redirect = SubElement(response, "Redirect", method="POST")
            redirect.text = addresses.again(session_id, turn, step.tried + 1)
            return _text(response)
        case _:
            assert_never(speech.awaited)
    SubElement(response, "Hangup")
    return _text(response)


def _gather(response: Element, speech: Speech, heard: dict[str, str], action: str) -> None:
    _say(SubElement(response, "Gather", heard | _ANSWERED | {"action": action}), speech)


def _say(parent: Element, speech: Speech) -> None:
    if speech.words:
        SubElement(parent, "Say", language=VOICE).text = speech.words


def _text(response: Element) -> str:
    return tostring(response, encoding="unicode", xml_declaration=False)
