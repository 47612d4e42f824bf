"""The button that asks for a person, with the reason that its context implies."""

from typing import assert_never

from bot.presentation.buttons import AskForPerson
from bot.presentation.reply import Button
from state.model.ticket import HandOver
from state.model.verification import Reason


def person(why: HandOver) -> Button:
    """Button that asks for a person for this reason."""
    return Button(label="person", press=AskForPerson(why.value))


PERSON = person(HandOver.ASKED)


def person_because(why: Reason) -> Button:
    """Button that asks for a person, for the reason that a call must wait."""
    match why:
        case Reason.LOCKED | Reason.NUMBER_LOCKED:
            return person(HandOver.LOCKED_OUT)
        case Reason.PAUSED | Reason.NUMBER_BUSY:
            return person(HandOver.TOOL_FAILURE)
        case (
            Reason.DECLINED
            | Reason.TOO_SOON
            | Reason.CALLS_PER_NUMBER
            | Reason.CALLS_PER_FREELANCER
            | Reason.ASKS_PER_FREELANCER
            | Reason.CALLS_PER_BLOCK
            | Reason.CALLS_PER_REGION
            | Reason.CALLS_OF_DESK
        ):
            return person(HandOver.POLICY)
        case _:
            assert_never(why)
