"""State machine of phone verification: (verification, event, now) to verification and prompt.

An event that does not fit the phase changes nothing. An ended session never changes.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from state.model.channel import AwaitingTyped, Channel, Reached
from state.model.destination import Destination
from state.model.ledger import Attempts
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Ending,
    PersonKey,
    Placing,
    Queued,
    SessionId,
    Silence,
    Verification,
)
from state.policy import VerificationPolicy
from state.rules.call_events import (
    Adopted,
    CallEvent,
    Cancelled,
    Claimed,
    CodeHeard,
    Deferred,
    HungUp,
    KeyPressed,
    MessageReached,
    NothingPressed,
    PickedUp,
    Placed,
    PlaceFailed,
    TimePassed,
)
from state.rules.call_steps import Advanced, end, overdue
from state.rules.dialogue import advance_dialogue
from state.rules.rounds import locked_until


class CallNotAllowedError(Exception):
    """A call was opened although `call_decision` would have refused it."""


def running(verification: Verification) -> CallSession | None:
    """The call session if it has not ended, else None."""
    session = verification.session
    return None if session is None or isinstance(session.phase, Ended) else session


def open_call(
    verification: Verification,
    *,
    session_id: SessionId,
    person: PersonKey,
    attempts: Attempts,
    to: Destination,
    channel: Channel = Channel.CALL,
    seed: bytes,
    pepper_id: str,
    now: datetime,
    policy: VerificationPolicy,
) -> Verification:
    """Queue a new call session; wrong codes of earlier calls still count, through the ledger.

    A call that timed out must have been ended by TimePassed, and saved, before.
    """
    proved = verification.proved
    same_number_proved = proved is not None and proved.number_key == to.key
    locked = locked_until(attempts, now=now, policy=policy) is not None
    if running(verification) or locked or same_number_proved:
        raise CallNotAllowedError(f"no new call for {verification.freelancer_id}")
    session = CallSession(
        id=session_id,
        freelancer_id=verification.freelancer_id,
        person_key=person,
        number=to.number,
        number_key=to.key,
        region=to.region,
        channel=channel,
        seed=seed,
        pepper_id=pepper_id,
        opened_at=now,
        expires_at=now + policy.code_lifetime,
        phase=Queued(),
    )
    return replace(verification, proved=None, session=session)


def advance(
    verification: Verification, event: CallEvent, *, now: datetime, policy: VerificationPolicy
) -> Advanced:
    """Apply an event to the running call; without one, a provider's request is hung up."""
    session = running(verification)
    waits = isinstance(event, PickedUp | KeyPressed | NothingPressed | CodeHeard)
    if session is None:
        return Advanced(verification=verification, prompt=Silence() if waits else None)
    late = overdue(session, now=now, policy=policy)
    # An unconfirmed call may still turn out to exist, so only TimePassed ends it as failed.
    if late and (late is not Ending.PROVIDER_FAILED or isinstance(event, TimePassed)):
        how = Ending.PROVIDER_FAILED if isinstance(session.phase, Queued) else late
        return end(verification, session, how, at=now, say=waits)
    match event:
        case PickedUp() | KeyPressed() | NothingPressed() | CodeHeard():
            return advance_dialogue(verification, session, event, now=now, policy=policy)
        case HungUp(how):
            return _hung_up(verification, session, how, now=now)
        case Cancelled():
            return end(verification, session, Ending.CANCELLED, at=now, say=False)
        case PlaceFailed(how):
            failed = isinstance(session.phase, Queued | Placing)
            moved = replace(session, phase=Ended(how, now)) if failed else session
        case Claimed() | Deferred() | Placed() | Adopted():
            moved = _placing(session, event, now=now)
        case MessageReached():
            moved = _reached(session, event)
        case TimePassed():
            moved = session
        case _:
            assert_never(event)
    return Advanced(verification=replace(verification, session=moved))


def _placing(
    session: CallSession, event: Claimed | Deferred | Placed | Adopted, *, now: datetime
) -> CallSession:
    match session.phase, event:
        case Queued(), Claimed():
            return replace(session, phase=Placing(now))
        case Placing(), Deferred():
            return replace(session, phase=Queued())
        case phase, (Placed(sid) | Adopted(sid)) if session.provider_sid in {None, sid}:
            under_way = phase if not isinstance(phase, Queued | Placing) else _under_way(session)
            return replace(session, provider_sid=sid, phase=under_way)
        case _:
            return session


def _under_way(session: CallSession) -> Dialing | AwaitingTyped:
    match session.channel:
        case Channel.CALL:
            return Dialing()
        case Channel.GATEWAY:
            return AwaitingTyped()
        case _:
            assert_never(session.channel)


def _reached(session: CallSession, event: MessageReached) -> CallSession:
    if not isinstance(session.phase, AwaitingTyped):
        return session
    furthest = max(session.phase.reached, event.reached)
    return replace(session, phase=AwaitingTyped(furthest))


def _hung_up(
    verification: Verification, session: CallSession, how: Ending, *, now: datetime
) -> Advanced:
    match session.phase:
        case AwaitingTyped(Reached.READ):  # a code that was read may still be typed
            return Advanced(verification=verification)
        case Queued() | Placing() | Dialing() | AwaitingTyped():
            return end(verification, session, how, at=now, say=False)
        case AwaitingAck():
            return end(verification, session, Ending.ABANDONED, at=now, say=False)
        case AwaitingCode():
            closing = replace(session, phase=Closing(now))
            return Advanced(verification=replace(verification, session=closing))
        case Closing() | Ended():
            return Advanced(verification=verification)
        case _:
            assert_never(session.phase)
