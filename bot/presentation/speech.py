"""Speech of a call: text and awaited input, independent of the call provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from bot.presentation.templates import Templating
from state.model.verification import AskAck, AskCode, Farewell, Prompt, Silence, WrongCode

LANGUAGE = "en"
MOST_MOMENTS = 3
"""How often a turn is postponed before the call ends with an apology."""


class Awaited(Enum):
    """Input that the call waits for after speaking."""

    NOTHING = auto()
    """None: hang up."""
    KEY = auto()
    """One key press."""
    CODE = auto()
    """The code, keyed or spoken."""
    KEYED_CODE = auto()
    SAME_TURN = auto()
    """None: wait a second, then request the same turn again."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Text to speak, and the input to wait for."""

    words: str
    """Empty for silence."""
    awaited: Awaited
    code_digits: int
    """Length of the code, if that is awaited."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Renders call prompts as speech."""

    templating: Templating

    def speech(self, prompt: Prompt) -> Speech:
        """The speech for a prompt."""
        match prompt:
            case AskAck():
                return self._say("ask_ack", {}, Awaited.KEY)
            case AskCode(misheard, keypad_only):
                name = "misheard" if misheard else "ask_code"
                awaited = Awaited.KEYED_CODE if keypad_only else Awaited.CODE
                return self._say(name, {"keypad_only": keypad_only}, awaited)
            case WrongCode(left):
                return self._say("wrong_code", {"left": left}, Awaited.CODE)
            case Farewell(how):
                return self._say("farewell", {"how": how.value}, Awaited.NOTHING)
            case Silence():
                return Speech("", Awaited.NOTHING, self.templating.code_digits)
            case _:
                assert_never(prompt)

    def please_wait(self, tried: int) -> Speech:
        """Ask the caller to wait, and repeat the turn.

        After `MOST_MOMENTS` tries, apologise and end.
        """
        if tried >= MOST_MOMENTS:
            return self._say("out_of_order", {}, Awaited.NOTHING)
        return self._say("one_moment", {}, Awaited.SAME_TURN)

    def _say(self, name: str, context: Mapping[str, object], awaited: Awaited) -> Speech:
        words = self.templating.speech(name, context, LANGUAGE)
        return Speech(words, awaited, self.templating.code_digits)
