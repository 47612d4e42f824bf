"""Phone verification: the number, the decision about a call, and the call itself, live."""

from collections.abc import Mapping
from typing import assert_never

from bot.callbacks import OpenProgress, ShowArticle, Verify
from bot.reply import Button, Replies, Reply, Row
from bot.views.answers import PERSON
from state.model.verification import (
    AlreadyVerified,
    AwaitingAck,
    AwaitingCode,
    CallDecision,
    Closing,
    Dialing,
    Ended,
    Ending,
    Phase,
    PlaceCall,
    Placing,
    Queued,
    Running,
    WaitUntil,
)
from state.policy import PhoneStep, Policy
from state.rules.phone_number import NumberRefused
from state.rules.standing import CallRunning, CanCall, Locked, NotStarted, VerifiedStanding
from state.usecases.edit_number import NumberKept
from state.usecases.number_in_use import NoNumber
from state.usecases.read_call_screen import CallScreen
from state.usecases.read_verification import VerificationView

_CALL = Button(label="call_me", press=Verify("call"))
_CALL_AGAIN = Button(label="call_again", press=Verify("call"))
_EDIT = Button(label="edit_number", press=Verify("edit"))
_CANCEL = Button(label="cancel_call", press=Verify("cancel"))
_CONNECTS = Button(label="my_connects", press=OpenProgress())


def standing(view: VerificationView, policy: Policy) -> Reply:
    """Where somebody stands, and the next thing they can do."""
    match view.standing:
        case VerifiedStanding(at):
            context = {"standing": "verified", "number": view.number, "at": at}
            return _verify_standing(context, policy, (_CONNECTS,), (_EDIT,))
        case Locked(until):
            return _verify_standing({"standing": "locked", "until": until}, policy, (PERSON,))
        case CallRunning():
            return Reply(template="call_running", buttons=((_CANCEL,),))
        case NotStarted():
            return _before_call(view, view.attempts, policy)
        case CanCall(left):
            return _before_call(view, left, policy)
        case _:
            assert_never(view.standing)


def _before_call(view: VerificationView, left: int, policy: Policy) -> Reply:
    if view.number is None:
        return _verify_standing({"standing": "no_number"}, policy, (_EDIT,))
    if view.refused is not None:
        return number_refused(NumberRefused(view.refused), on_record=True)
    if isinstance(view.decision, WaitUntil):
        return _wait(view.decision, policy)
    return Reply(
        template="verify_number",
        context={
            "number": view.number,
            "tries_left": left,
            "lock_hours": _lock_hours(policy),
        },
        buttons=((_CALL,), (_EDIT,), _problems(policy)),
    )


def _verify_standing(context: Mapping[str, object], policy: Policy, *buttons: Row) -> Reply:
    hours = {"lock_hours": _lock_hours(policy)}
    return Reply(template="verify_standing", context={**hours, **context}, buttons=buttons)


def call_decision(decision: CallDecision | NumberRefused | NoNumber, policy: Policy) -> Replies:
    """A call that was granted speaks for itself: its own message shows how it goes."""
    match decision:
        case PlaceCall():
            return []
        case WaitUntil():
            return [_wait(decision, policy)]
        case Running():
            return [Reply(template="call_running", buttons=((_CANCEL,),))]
        case AlreadyVerified(at):
            context = {"standing": "verified", "number": None, "at": at}
            return [_verify_standing(context, policy, (_CONNECTS,))]
        case NumberRefused():
            return [number_refused(decision)]
        case NoNumber():
            return [_verify_standing({"standing": "no_number"}, policy, (_EDIT,))]
        case _:
            assert_never(decision)


def calls_are_off() -> Reply:
    return Reply(template="calls_off", buttons=((PERSON,),))


def number_asked() -> Reply:
    return Reply(template="number_asked", contact_button=True)


def number_edited(edited: NumberKept | NumberRefused) -> Replies:
    """Two messages: one message can't take the keyboard away and bring buttons too."""
    match edited:
        case NumberKept(masked):
            return [
                Reply(template="number_kept", context={"number": masked}, remove_keyboard=True),
                Reply(template="call_now", buttons=((_CALL,), (_EDIT,))),
            ]
        case NumberRefused():
            return [number_refused(edited)]
        case _:
            assert_never(edited)


def number_refused(refused: NumberRefused, *, on_record: bool = False) -> Reply:
    return Reply(
        template="number_refused",
        context={"why": refused.why.value, "on_record": on_record},
        buttons=((_EDIT, PERSON),),
    )


def code_in_chat(view: VerificationView) -> Reply:
    running = isinstance(view.standing, CallRunning)
    return Reply(template="code_in_chat", context={"running": running})


def where_you_stand(view: VerificationView) -> Replies:
    """After a question in mid-verification: what the call waits for. Else nothing."""
    if not isinstance(view.standing, CallRunning):
        return []
    context = {
        "phase": _name(view.standing.session.phase),
        "tries_left": view.standing.tries_left,
    }
    return [Reply(template="where_you_stand", context=context)]


def cancelled(*, something: bool) -> Reply:
    name = "cancelled" if something else "nothing_to_cancel"
    return Reply(template=name, remove_keyboard=True)


def reminder(policy: Policy) -> Reply:
    return Reply(
        template="reminder",
        context={"attempts": policy.verification.attempts},
        buttons=((_CALL,), (_EDIT,)),
    )


def call_screen(screen: CallScreen, policy: Policy, *, fresh: bool) -> Reply:
    """The living message of a call; once it ended, the code is gone from it."""
    name = _name(screen.phase)
    return Reply(
        template="call",
        context={
            "phase": name,
            "number": screen.number,
            "code": screen.code,
            "expires_at": screen.expires_at,
            "tries_left": screen.tries_left,
            "wrong": screen.tries_left < policy.verification.attempts,
            "locked_until": screen.locked_until,
            "lock_hours": _lock_hours(policy),
        },
        buttons=_call_buttons(screen.phase, policy),
        matter=f"call:{screen.session_id}",
        edit=not fresh,
    )


def _call_buttons(phase: Phase, policy: Policy) -> tuple[Row, ...]:
    if not isinstance(phase, Ended):
        return ((_CANCEL,),)
    match phase.how:
        case Ending.VERIFIED:
            return ((_CONNECTS,),)
        case Ending.LOCKED | Ending.NUMBER_IN_USE:
            return ((PERSON,), _problems(policy))
        case Ending.DECLINED | Ending.NUMBER_REJECTED | Ending.NOT_SERVED:
            return ((_EDIT,), (PERSON,))
        case (
            Ending.BUSY
            | Ending.NO_ANSWER
            | Ending.ABANDONED
            | Ending.EXPIRED
            | Ending.CANCELLED
            | Ending.PROVIDER_FAILED
        ):
            return ((_CALL_AGAIN,), (_EDIT,), _problems(policy))
        case _:
            assert_never(phase.how)


def _lock_hours(policy: Policy) -> int:
    return int(policy.verification.lock.total_seconds() // 3600)


def _problems(policy: Policy) -> Row:
    """The article about phone verification, if the policy names one."""
    slugs = [step.article for step in policy.steps if isinstance(step, PhoneStep) and step.article]
    return tuple(Button(label="call_help", press=ShowArticle(slug)) for slug in slugs[:1])


def _wait(decision: WaitUntil, policy: Policy) -> Reply:
    return Reply(
        template="call_wait",
        context={
            "why": decision.why.value,
            "until": decision.until,
            "lock_hours": _lock_hours(policy),
        },
        buttons=((PERSON,),),
    )


def _name(phase: Phase) -> str:
    """How templates name a phase; an ended call goes by its ending."""
    match phase:
        case Queued() | Placing():
            return "calling"
        case Dialing():
            return "ringing"
        case AwaitingAck():
            return "ack"
        case AwaitingCode():
            return "code"
        case Closing():
            return "closing"
        case Ended(how):
            return how.value
        case _:
            assert_never(phase)
