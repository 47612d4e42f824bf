"""Views of one call: its live status message, its end, and notices to others."""

from typing import assert_never

from bot.presentation.buttons import OpenProgress, ShowArticle, Verify
from bot.presentation.reply import Button, Reply, Row
from bot.presentation.views.handover_button import person
from state.model.alarm import Alarm
from state.model.channel import AwaitingTyped, Channel
from state.model.ticket import HandOver
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
)
from state.policy import PhoneStep, Policy
from state.usecases.verification.read_call import CallScreen

CALL_AGAIN = Button(label="call_again", press=Verify("call"))
MESSAGE_AGAIN = Button(label="message_again", press=Verify("message"))
EDIT = Button(label="edit_number", press=Verify("edit"))
CANCEL = {
    Channel.CALL: Button(label="cancel_call", press=Verify("cancel")),
    Channel.GATEWAY: Button(label="cancel_code", press=Verify("cancel")),
}
QUIET = Button(label="no_reminder", press=Verify("quiet"))
CONNECTS = Button(label="my_connects", press=OpenProgress())
ENDS_IN_MINUTES = frozenset({Reason.TOO_SOON, Reason.NUMBER_BUSY, Reason.PAUSED})
"""Reasons for short waits: these get a "try again" button and a time without date."""


def call_screen(screen: CallScreen, policy: Policy, *, fresh: bool) -> Reply:
    """Status message of a call, edited as it goes on; the code is shown until it ends."""
    return Reply(
        template="call",
        context={
            "phase": phase_name(screen.phase),
            "by_call": screen.channel is Channel.CALL,
            "number": screen.number,
            "code": screen.code,
            "expires_at": screen.expires_at,
            "tries_left": screen.tries_left,
            "wrong": screen.cost_a_try,
            "locked_until": screen.locked_until,
            "again_at": None if screen.wait is None else screen.wait.until,
            "in_minutes": screen.wait is not None and screen.wait.why in ENDS_IN_MINUTES,
        },
        buttons=_buttons(screen, policy),
        matter=_matter(screen.session_id),
        edit=not fresh,
    )


def erased(session_id: SessionId) -> Reply:
    """Status message of a call whose data was erased."""
    return Reply(template="call_erased", matter=_matter(session_id), edit=True)


def number_claimed(number: str) -> Reply:
    """Notice that another account tried to verify this account's number, and was refused."""
    return Reply(
        template="number_claimed",
        context={"number": number},
        buttons=((person(HandOver.POLICY),),),
    )


def alarm(what: Alarm, about: str) -> Reply:
    """Operator alert, sent to the staff group."""
    return Reply(template="alarm", context={"what": what.value, "about": about})


def _matter(session_id: SessionId) -> str:
    return f"call:{session_id}"


def _buttons(screen: CallScreen, policy: Policy) -> tuple[Row, ...]:
    if not isinstance(screen.phase, Ended):
        return ((CANCEL[screen.channel],),)
    match screen.phase.how:
        case Ending.VERIFIED:
            return ((CONNECTS,),)
        case Ending.LOCKED:
            return ((person(HandOver.LOCKED_OUT),), (QUIET,), help_button(policy))
        case Ending.NUMBER_IN_USE:
            return ((person(HandOver.POLICY),), help_button(policy))
        case (
            Ending.DECLINED
            | Ending.NUMBER_REJECTED
            | Ending.NOT_SERVED
            | Ending.NOT_DELIVERED
            | Ending.MISCONFIGURED
        ):
            return ((EDIT,), (person(HandOver.TOOL_FAILURE),))
        case (
            Ending.BUSY
            | Ending.NO_ANSWER
            | Ending.ABANDONED
            | Ending.EXPIRED
            | Ending.CANCELLED
            | Ending.PROVIDER_FAILED
        ):
            again = CALL_AGAIN if screen.channel is Channel.CALL else MESSAGE_AGAIN
            return ((again,), (EDIT,), help_button(policy), (person(HandOver.TOOL_FAILURE),))
        case _:
            assert_never(screen.phase.how)


def lock_hours(policy: Policy) -> int:
    """Duration of a lock after too many wrong codes, hours."""
    return int(policy.verification.lock.total_seconds() // 3600)


def help_button(policy: Policy) -> Row:
    """Button row of the policy's article about phone verification; empty if there is none."""
    slugs = [step.article for step in policy.steps if isinstance(step, PhoneStep) and step.article]
    return tuple(Button(label="call_help", press=ShowArticle(slug)) for slug in slugs[:1])


def phase_name(phase: Phase) -> str:  # noqa: PLR0911 - one a phase
    """Name of a phase in templates; for an ended call, that of its ending."""
    match phase:
        case Queued() | Placing():
            return "calling"
        case Dialing():
            return "ringing"
        case AwaitingAck():
            return "ack"
        case AwaitingCode():
            return "code"
        case AwaitingTyped(reached):
            return reached.name.lower()
        case Closing():
            return "closing"
        case Ended(how):
            return how.value
        case _:
            assert_never(phase)
