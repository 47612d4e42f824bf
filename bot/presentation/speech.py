"""What a call says, and what it then waits for; how that is put to a provider is the gateway's."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from bot.presentation.templates import Templating
from state.model.verification import AskAck, AskCode, Farewell, Prompt, Silence, WrongCode

LANGUAGE = "en"
MOST_MOMENTS = 3
"""How often one turn of a call is put off before the call is given up."""


class Awaited(Enum):
    NOTHING = auto()
    """The call hangs up."""
    KEY = auto()
    """One key."""
    CODE = auto()
    """Keyed or spoken."""
    KEYED_CODE = auto()
    SAME_TURN = auto()
    """A second's patience, and the same turn again."""


@dataclass(frozen=True, slots=True)
class Speech:
    words: str
    """Empty: nothing is said."""
    awaited: Awaited


@dataclass(frozen=True, slots=True)
class Speaker:
    templating: Templating

    def speech(self, prompt: Prompt) -> Speech:
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
                return Speech("", Awaited.NOTHING)
            case _:
                assert_never(prompt)

    def one_moment(self, tried: int) -> Speech:
        """The turn is to be asked for again; in the end it says sorry."""
        if tried >= MOST_MOMENTS:
            return self._say("out_of_order", {}, Awaited.NOTHING)
        return self._say("one_moment", {}, Awaited.SAME_TURN)

    def _say(self, name: str, context: Mapping[str, object], awaited: Awaited) -> Speech:
        return Speech(self.templating.speech(name, context, LANGUAGE), awaited)
