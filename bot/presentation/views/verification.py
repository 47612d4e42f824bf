"""Views of phone verification: standing, number, decision on a call, typed code."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias, assert_never

from bot.presentation.buttons import Verify
from bot.presentation.reply import Button, Replies, Reply, Row
from bot.presentation.views.call import (
    CALL_AGAIN,
    CANCEL,
    CONNECTS,
    EDIT,
    ENDS_IN_MINUTES,
    MESSAGE_AGAIN,
    help_button,
    lock_hours,
    phase_name,
)
from bot.presentation.views.handover_button import person, person_because
from state.model.channel import Channel
from state.model.chat import Awaiting
from state.model.ticket import HandOver
from state.model.verification import (
    AlreadyVerified,
    AskAck,
    AskCode,
    CallDecision,
    CallSession,
    Farewell,
    PlaceCall,
    Prompt,
    Reason,
    Running,
    Silence,
    WaitUntil,
    WrongCode,
)
from state.policy import Policy
from state.rules.phone_number import NumberRefused
from state.rules.standing import CallRunning, CanCall, Locked, NotStarted, VerifiedStanding
from state.usecases.verification.number import ContactVerified, NumberKept
from state.usecases.verification.number_in_use import NoNumber
from state.usecases.verification.read import VerificationView
from state.usecases.verification.run_call import NotAwaited

Channels: TypeAlias = frozenset[Channel]

LOCKED_OUT = person(HandOver.LOCKED_OUT)
_WAYS = {
    Channel.CALL: Button(label="call_me", press=Verify("call")),
    Channel.GATEWAY: Button(label="message_me", press=Verify("message")),
}
_AGAIN = {Channel.CALL: CALL_AGAIN, Channel.GATEWAY: MESSAGE_AGAIN}
HOLD_FOR_THE_NUMBER = frozenset({Reason.DECLINED, Reason.CALLS_PER_NUMBER})
"""Reasons for a wait that apply to this number only, so another number helps."""


def standing(view: VerificationView, policy: Policy, channels: Channels) -> Reply:
    """Verification status, with buttons for the next step."""
    match view.standing:
        case VerifiedStanding(at):
            context = {"standing": "verified", "number": view.number, "at": at}
            return _verify_standing(context, policy, (CONNECTS,), (EDIT,))
        case Locked(until):
            return _verify_standing({"standing": "locked", "until": until}, policy, (LOCKED_OUT,))
        case CallRunning(session=session, tries_left=left):
            return _running(session, left)
        case NotStarted():
            return _before_call(view, view.attempts, policy, channels)
        case CanCall(left):
            return _before_call(view, left, policy, channels)
        case _:
            assert_never(view.standing)


def _running(session: CallSession, tries_left: int | None = None) -> Reply:
    return _where(session, tries_left, (CANCEL[session.channel],), look_up=True)


def _where(session: CallSession, tries_left: int | None, *buttons: Row, look_up: bool) -> Reply:
    """Status of a running call; `look_up`: also say where the code is shown."""
    context = {
        "phase": phase_name(session.phase),
        "by_call": session.channel is Channel.CALL,
        "tries_left": tries_left,
        "look_up": look_up,
    }
    return Reply(template="where_you_stand", context=context, buttons=buttons)


def _ways(channels: Channels, ways: Mapping[Channel, Button] = _WAYS) -> tuple[Row, ...]:
    return tuple((button,) for channel, button in ways.items() if channel in channels)


def _before_call(
    view: VerificationView, tries_left: int, policy: Policy, channels: Channels
) -> Reply:
    if view.number is None:
        return _verify_standing({"standing": "no_number"}, policy, (EDIT,))
    if view.refused is not None:
        return number_refused(NumberRefused(view.refused), on_record=True)
    if isinstance(view.decision, WaitUntil):
        return _wait(view.decision, policy, channels)
    return Reply(
        template="verify_number",
        context={
            "number": view.number,
            "tries_left": tries_left,
            "lock_hours": lock_hours(policy),
            "by_call": Channel.CALL in channels,
            "by_message": Channel.GATEWAY in channels,
        },
        buttons=(*_ways(channels), (EDIT,), help_button(policy)),
    )


def _verify_standing(context: Mapping[str, object], policy: Policy, *buttons: Row) -> Reply:
    hours = {"lock_hours": lock_hours(policy)}
    return Reply(template="verify_standing", context={**hours, **context}, buttons=buttons)


def call_decision(
    decision: CallDecision | NumberRefused | NoNumber, policy: Policy, channels: Channels
) -> Replies:
    """Reply to a request for a call; none if granted, since the status message follows."""
    match decision:
        case PlaceCall():
            return []
        case WaitUntil():
            return [_wait(decision, policy, channels)]
        case Running(session):
            return [_running(session)]
        case AlreadyVerified(at):
            context = {"standing": "verified", "number": None, "at": at}
            return [_verify_standing(context, policy, (CONNECTS,))]
        case NumberRefused():
            return [number_refused(decision)]
        case NoNumber():
            return [_verify_standing({"standing": "no_number"}, policy, (EDIT,))]
        case _:
            assert_never(decision)


def calls_are_off() -> Reply:
    """Says that numbers can't be verified here."""
    return Reply(template="calls_off", buttons=((person(HandOver.TOOL_FAILURE),),))


def number_asked() -> Reply:
    """Asks for a phone number, typed or shared as contact."""
    return Reply(template="number_asked", contact_button=True)


def number_edited(
    edited: NumberKept | ContactVerified | NumberRefused,
    view: VerificationView,
    policy: Policy,
    channels: Channels,
) -> Replies:
    """Reply to a new number; `view` is the status with it.

    Two messages, since one can't both remove the reply keyboard and show buttons.
    """
    match edited:
        case NumberKept(masked):
            return [
                Reply(template="number_kept", context={"number": masked}, remove_keyboard=True),
                standing(view, policy, channels) if channels else calls_are_off(),
            ]
        case ContactVerified(masked):
            context = {"number": masked}
            return [Reply(template="contact_verified", context=context, remove_keyboard=True)]
        case NumberRefused():
            return [number_refused(edited)]
        case _:
            assert_never(edited)


def number_refused(refused: NumberRefused, *, on_record: bool = False) -> Reply:
    """Says why a number can't be verified; `on_record`: it is the account's own."""
    return Reply(
        template="number_refused",
        context={"why": refused.why.value, "on_record": on_record},
        buttons=((EDIT, person(HandOver.POLICY)),),
    )


def code_in_chat(view: VerificationView) -> Reply:
    """Says that the code belongs into the call, not into the chat."""
    running = isinstance(view.standing, CallRunning)
    return Reply(template="code_in_chat", context={"running": running})


def code_judged(judged: Prompt | NotAwaited, view: VerificationView) -> Reply:
    """Reply to a code typed into the chat; a code meant for a call gets an explanation."""
    match judged:
        case WrongCode(left):
            return Reply(template="typed_code", context={"how": "wrong", "left": left})
        case Farewell(how):
            return Reply(template="typed_code", context={"how": how.value, "left": 0})
        case AskAck() | AskCode() | Silence() | NotAwaited():
            return code_in_chat(view)
        case _:
            assert_never(judged)


def awaited_input(view: VerificationView, awaiting: Awaiting | None) -> Replies:
    """After a question during a verification: what is awaited. Empty if nothing is."""
    match view.standing:
        case CallRunning(session=session, tries_left=left):
            return [_where(session, left, look_up=False)]
        case NotStarted() | Locked() | VerifiedStanding() | CanCall():
            return [Reply(template="number_awaited")] if awaiting is Awaiting.NUMBER else []
        case _:
            assert_never(view.standing)


def cancelled(*, was_running: bool) -> Reply:
    """Confirms the cancellation; `was_running`: there was something to cancel."""
    name = "cancelled" if was_running else "nothing_to_cancel"
    return Reply(template=name, remove_keyboard=True)


def reminder(policy: Policy, channels: Channels) -> Reply:
    """Reminder that the lock is over and a new attempt possible."""
    return Reply(
        template="reminder",
        context={"attempts": policy.verification.attempts},
        buttons=(*_ways(channels), (EDIT,)),
    )


def reminder_skipped(until: datetime | None) -> Reply:
    """Confirms that no reminder will come at the end of the lock."""
    return Reply(template="reminder_skipped", context={"until": until})


def _wait(decision: WaitUntil, policy: Policy, channels: Channels) -> Reply:
    return Reply(
        template="call_wait",
        context={
            "why": decision.why.value,
            "until": decision.until,
            "lock_hours": lock_hours(policy),
        },
        buttons=(*_instead(decision.why, channels), (person_because(decision.why),)),
    )


def _instead(why: Reason, channels: Channels) -> tuple[Row, ...]:
    """Buttons that help during this wait: try again, or change the number."""
    if why is Reason.TOO_SOON:
        return _ways(channels, _AGAIN)
    if why in ENDS_IN_MINUTES:
        return _ways(channels)
    return ((EDIT,),) if why in HOLD_FOR_THE_NUMBER else ()
