"""Apply an event to a call and save the result with all its effects, in one transaction.

Idempotency keys of tasks end in the verification's new version. Versions only grow, so a key
belongs to one change; a rerun after a failed version check gets a new version and new keys.
"""

from datetime import datetime
from typing import assert_never

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped
from state.model.chat import ChatId
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Phase,
    Placing,
    Queued,
    Verification,
)
from state.model.work import CheckCall, ShowCall
from state.policy import Policy
from state.ports import UnitOfWork
from state.rules.call_events import CallEvent, Cancelled
from state.rules.call_steps import Advanced, phase_ends_at
from state.rules.verification import advance, running
from state.usecases.lanes import chat_lane, check_lane
from state.usecases.verification.call_audit import record_changes, record_late_event
from state.usecases.verification.call_endings import finish_call


async def apply_event(
    unit: UnitOfWork,
    before: Verification,
    event: CallEvent,
    *,
    now: datetime,
    policy: Policy,
    leaving: ChatId | None = None,
) -> Advanced:
    """Advance the state machine by an event; if that changes anything, save it with its effects.

    `leaving`: a chat that is being unlinked from its freelancer and still shows the call.
    """
    advanced = advance(before, event, now=now, policy=policy.verification)
    after = advanced.verification
    session = after.session
    if session is None:
        return advanced
    if after == before:
        await record_late_event(unit, session, event, now=now)
        return advanced
    await unit.verifications.save(after)
    if advanced.wrong_code is not None:
        await unit.ledger.add(advanced.wrong_code)
    await _check_later(unit, before, after, session, policy)
    await record_changes(
        unit, before, session, wrong_code=advanced.wrong_code is not None, now=now
    )
    if advanced.wrong_code is not None or _on_screen(before) != _on_screen(after):
        await _show(unit, after, session, now=now, leaving=leaving)
    if isinstance(session.phase, Ended):
        await finish_call(unit, before, advanced, session, session.phase, event, policy)
    return advanced


async def cancel_call(
    unit: UnitOfWork,
    freelancer_id: FreelancerId,
    *,
    now: datetime,
    policy: Policy,
    leaving: ChatId | None = None,
) -> bool:
    """End the freelancer's running call; False if there is none."""
    verification = await unit.verifications.load(freelancer_id)
    if running(verification) is None:
        return False
    await apply_event(unit, verification, Cancelled(), now=now, policy=policy, leaving=leaving)
    return True


async def _show(
    unit: UnitOfWork,
    after: Verification,
    session: CallSession,
    *,
    now: datetime,
    leaving: ChatId | None,
) -> None:
    chat = await unit.chats.of(after.freelancer_id)
    target = leaving if leaving is not None or chat is None else chat.id
    if target is not None:
        await unit.outbox.add(
            ShowCall(session_id=session.id, chat_id=leaving),
            lane=chat_lane(target),
            key=f"show-call:{session.id}:{after.version + 1}",
            due_at=now,
        )


async def _check_later(
    unit: UnitOfWork,
    before: Verification,
    after: Verification,
    session: CallSession,
    policy: Policy,
) -> None:
    due_at = phase_ends_at(session.phase, policy=policy.verification)
    entered = before.session is None or before.session.phase != session.phase
    if due_at is None or not entered:
        return
    await unit.outbox.add(
        CheckCall(session_id=session.id),
        lane=check_lane(session.id),
        key=f"check-call:{session.id}:{after.version + 1}",
        due_at=due_at,
    )


def _on_screen(verification: Verification) -> object:
    """The part of a call that the chat shows."""
    session = verification.session
    return None if session is None else _picture(session.phase)


def _picture(phase: Phase) -> str:
    match phase:
        case Queued() | Placing():
            return "placing"
        case Dialing():
            return "ringing"
        case AwaitingAck():
            return "asks for the hash key"
        case AwaitingCode() | Closing():
            return "asks for the code"
        case AwaitingTyped(reached):
            return f"waits for the code, {reached.name}"
        case Ended(how):
            return how
        case _:
            assert_never(phase)
