"""What a call says and asks next, as the provider's XML."""

from collections.abc import Mapping
from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.presentation.templates import Templating
from bot.settings import Settings
from state.model.verification import (
    AskAck,
    AskCode,
    Farewell,
    Prompt,
    SessionId,
    Silence,
    WrongCode,
)

VOICE = "en-GB"
LANGUAGE = "en"
MOST_MOMENTS = 3
TRIED = "tried"
"""Query parameter: how often this turn was asked for in vain."""
_HINTS = (
    "zero, oh, one, two, three, four, five, six, seven, eight, nine, double, "
    "$OOV_CLASS_DIGIT_SEQUENCE"
)
_KEYS = {"input": "dtmf"}
_BOTH = {
    "input": "dtmf speech",
    "language": VOICE,
    "hints": _HINTS,
    "profanityFilter": "false",
}


class TwimlRenderer:
    """Renders prompts; `base` is the public address that the next step is asked at."""

    def __init__(self, templating: Templating, base: str, *, speech_timeout: str = "auto") -> None:
        self._templating = templating
        self._base = base
        self._both = {**_BOTH, "speechTimeout": speech_timeout}

    def address(self, step: str, session_id: SessionId, turn: int) -> str:
        return f"{self._base}/hooks/twilio/{step}/{session_id}/{turn}"

    def status_address(self, session_id: SessionId) -> str:
        return f"{self._base}/hooks/twilio/status/{session_id}"

    def render(self, prompt: Prompt, session_id: SessionId, turn: int) -> str:
        """XML of the response; `turn` numbers the step that it leads to."""
        response = Element("Response")
        match prompt:
            case AskAck():
                self._ask_ack(response, self.address("ack", session_id, turn))
            case AskCode(misheard, keypad_only):
                action = self.address("code", session_id, turn)
                name = "misheard" if misheard else "ask_code"
                context = {"keypad_only": keypad_only}
                self._ask_code(
                    response, name, context, action, _KEYS if keypad_only else self._both
                )
            case WrongCode(left):
                action = self.address("code", session_id, turn)
                self._ask_code(response, "wrong_code", {"left": left}, action, self._both)
            case Farewell(how):
                self._say(response, "farewell", {"how": how.value})
            case Silence():
                pass
            case _:
                assert_never(prompt)
        SubElement(response, "Hangup")
        return tostring(response, encoding="unicode", xml_declaration=False)

    def one_moment(self, session_id: SessionId, turn: int, *, tried: int) -> str:
        """XML that comes back for the answer to the same turn; in the end it says sorry."""
        response = Element("Response")
        if tried >= MOST_MOMENTS:
            self._say(response, "out_of_order", {})
            SubElement(response, "Hangup")
        else:
            self._say(response, "one_moment", {})
            SubElement(response, "Pause", length="1")
            redirect = SubElement(response, "Redirect", method="POST")
            address = self.address("fallback", session_id, turn)
            redirect.text = f"{address}?{TRIED}={tried + 1}"
        return tostring(response, encoding="unicode", xml_declaration=False)

    def _ask_ack(self, response: Element, action: str) -> None:
        gather = SubElement(
            response,
            "Gather",
            input="dtmf",
            numDigits="1",
            finishOnKey="",
            timeout="8",
            actionOnEmptyResult="true",
            method="POST",
            action=action,
        )
        self._say(gather, "ask_ack", {})

    def _ask_code(
        self,
        response: Element,
        name: str,
        context: Mapping[str, object],
        action: str,
        heard: Mapping[str, str],
    ) -> None:
        gather = SubElement(
            response,
            "Gather",
            {
                **heard,
                "numDigits": "6",
                "finishOnKey": "#",
                "timeout": "10",
                "actionOnEmptyResult": "true",
                "method": "POST",
                "action": action,
            },
        )
        self._say(gather, name, context)

    def _say(self, parent: Element, name: str, context: Mapping[str, object]) -> None:
        say = SubElement(parent, "Say", language=VOICE)
        say.text = self._templating.speech(name, context, LANGUAGE)


def dialogue_of(settings: Settings, templating: Templating) -> TwimlRenderer:
    timeout = settings.twilio_speech_timeout
    return TwimlRenderer(templating, settings.public_url or "", speech_timeout=timeout)
