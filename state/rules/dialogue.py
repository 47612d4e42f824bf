"""The dialogue of a call: keys and speech in, the next prompt out."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from state.model.channel import AwaitingTyped
from state.model.ledger import Attempts, LedgerEntry, LedgerKind
from state.model.verification import (
    AskAck,
    AskCode,
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Ending,
    Placing,
    Queued,
    Silence,
    Verification,
    Verified,
    WrongCode,
)
from state.policy import VerificationPolicy
from state.rules.call_events import CodeHeard, Dialogue, KeyPressed, NothingPressed, PickedUp
from state.rules.call_steps import Advanced, ask, end
from state.rules.rounds import after_wrong_code, locked_until, tries_left

MOST_SILENCES = 2
"""Prompts without a key before the call ends: voicemail never presses one."""


def advance_dialogue(
    verification: Verification,
    session: CallSession,
    event: Dialogue,
    *,
    now: datetime,
    policy: VerificationPolicy,
) -> Advanced:
    """Handle a dialogue event: `#` confirms the call, `9` rejects it, `*` repeats the prompt."""
    silent = Advanced(verification=verification, prompt=Silence())
    match session.phase:
        case Dialing() if isinstance(event, PickedUp):
            return ask(verification, session, AwaitingAck(), AskAck())
        case AwaitingAck() as phase:
            return _at_ack(verification, session, phase, event, now=now) or silent
        case AwaitingCode() | Closing():
            return _at_code(verification, session, event, now=now, policy=policy) or silent
        case AwaitingTyped() if isinstance(event, CodeHeard) and event.matches is not None:
            return _judged(verification, session, event, now=now, policy=policy)
        case Queued() | Placing() | Dialing() | AwaitingTyped() | Ended():
            return silent
        case _:
            assert_never(session.phase)


def _at_ack(
    verification: Verification,
    session: CallSession,
    phase: AwaitingAck,
    event: Dialogue,
    *,
    now: datetime,
) -> Advanced | None:
    match event:
        case PickedUp():  # the provider repeats its request
            return Advanced(verification=verification, prompt=AskAck())
        case KeyPressed("#"):
            return ask(verification, session, AwaitingCode(), AskCode())
        case KeyPressed("9"):
            return end(verification, session, Ending.DECLINED, at=now, say=True)
        case KeyPressed("*"):
            return ask(verification, session, phase, AskAck())
        case KeyPressed() | NothingPressed():
            return _not_acknowledged(verification, session, phase.silences + 1, now=now)
        case CodeHeard():
            return None
        case _:
            assert_never(event)


def _not_acknowledged(
    verification: Verification, session: CallSession, silences: int, *, now: datetime
) -> Advanced:
    if silences < MOST_SILENCES:
        return ask(verification, session, AwaitingAck(silences), AskAck())
    return end(verification, session, Ending.ABANDONED, at=now, say=True)


def _at_code(
    verification: Verification,
    session: CallSession,
    event: Dialogue,
    *,
    now: datetime,
    policy: VerificationPolicy,
) -> Advanced | None:
    match event:
        case CodeHeard(None):
            return _misheard(verification, session, now=now, policy=policy)
        case CodeHeard():
            return _judged(verification, session, event, now=now, policy=policy)
        case KeyPressed("*") if isinstance(session.phase, AwaitingCode):
            return ask(verification, session, session.phase, AskCode())
        case PickedUp() if isinstance(session.phase, AwaitingCode):
            return Advanced(verification=verification, prompt=AskCode())
        case PickedUp() | KeyPressed() | NothingPressed():
            return None
        case _:
            assert_never(event)


def _misheard(
    verification: Verification, session: CallSession, *, now: datetime, policy: VerificationPolicy
) -> Advanced:
    """Input that is not a code; it does not count as an attempt."""
    phase = session.phase
    if not isinstance(phase, AwaitingCode) or phase.reprompts >= policy.misheard_limit:
        return end(verification, session, Ending.ABANDONED, at=now, say=True)
    reprompts = phase.reprompts + 1
    question = AskCode(misheard=True, keypad_only=reprompts == policy.misheard_limit)
    return ask(verification, session, AwaitingCode(reprompts), question)


def _judged(
    verification: Verification,
    session: CallSession,
    heard: CodeHeard,
    *,
    now: datetime,
    policy: VerificationPolicy,
) -> Advanced:
    if locked_until(heard.attempts, now=now, policy=policy) is not None:
        return end(verification, session, Ending.LOCKED, at=now, say=True)
    if heard.matches and heard.in_use:
        return end(verification, session, Ending.NUMBER_IN_USE, at=now, say=True)
    if heard.matches:
        proved = Verified(now, session.number_key)
        return end(verification, session, Ending.VERIFIED, at=now, say=True, proved=proved)
    return _counted(verification, session, heard.attempts, now=now, policy=policy)


def _counted(
    verification: Verification,
    session: CallSession,
    before: Attempts,
    *,
    now: datetime,
    policy: VerificationPolicy,
) -> Advanced:
    """Count a wrong code and either ask again, or end the call."""
    found = after_wrong_code(before, now=now, policy=policy)
    until = locked_until(found, now=now, policy=policy)
    if until is not None:
        advanced = end(verification, session, Ending.LOCKED, at=now, say=True)
    elif isinstance(session.phase, Closing):
        advanced = end(verification, session, Ending.ABANDONED, at=now, say=True)
    else:
        left = tries_left(found, now=now, policy=policy)
        advanced = ask(verification, session, session.phase, WrongCode(left))
    entry = LedgerEntry(
        at=now,
        kind=LedgerKind.WRONG_CODE,
        person=session.person_key,
        number=session.number_key,
        session_id=session.id,
        locked_until=until,
    )
    return replace(advanced, wrong_code=entry)
