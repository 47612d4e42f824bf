"""Effects of the end of a call, by kind of ending."""

from datetime import datetime
from typing import assert_never

from state.model.account import Completion, FreelancerId
from state.model.alarm import Alarm
from state.model.channel import AwaitingTyped, Channel, Reached
from state.model.ledger import LedgerEntry, LedgerKind
from state.model.verification import (
    CallSession,
    Ended,
    Ending,
    NumberKey,
    PersonKey,
    Queued,
    Verification,
)
from state.model.work import EventKind, HangUp, RemindUnlocked, ShowProgress, TellOwner
from state.policy import Policy
from state.ports import UnitOfWork
from state.rules.call_events import CallEvent, Cancelled, TimePassed
from state.rules.call_steps import Advanced
from state.rules.limits import UNREACHED, counting_period, declines
from state.rules.phone_number import mask_number
from state.rules.progress import phone_steps
from state.usecases.lanes import alert, call_lane, chat_lane
from state.usecases.marketplace_events import complete_step, queue_event

DECLINES_THAT_ALARM = 2


async def finish_call(
    unit: UnitOfWork,
    before: Verification,
    advanced: Advanced,
    session: CallSession,
    ending: Ended,
    event: CallEvent,
    policy: Policy,
) -> None:
    await _settle_ask(unit, before, session, ending.how)
    match ending.how:
        case Ending.VERIFIED:
            await _verified(unit, session, ending.at, policy)
        case Ending.LOCKED:
            await _remind(unit, session, advanced.wrong_code)
        case Ending.DECLINED:
            await _count(unit, session, LedgerKind.DECLINED, ending.at)
            await _watch_declines(unit, session, ending.at, policy)
        case Ending.NUMBER_IN_USE:
            await _tell_owner(unit, session, ending.at)
        case Ending.MISCONFIGURED:
            await _count(unit, session, LedgerKind.MISCONFIGURED, ending.at)
            await alert(unit, Alarm.MISCONFIGURED, now=ending.at)
        case Ending.NOT_SERVED:
            await alert(unit, Alarm.NOT_SERVED, now=ending.at, about=session.region)
        case (
            Ending.ABANDONED
            | Ending.BUSY
            | Ending.NO_ANSWER
            | Ending.PROVIDER_FAILED
            | Ending.NUMBER_REJECTED
            | Ending.NOT_DELIVERED
            | Ending.EXPIRED
            | Ending.CANCELLED
        ):
            pass
        case _:
            assert_never(ending.how)
    if _is_open_outside(before, session, event):
        await queue_hang_up(unit, session, ending.at)


async def _verified(unit: UnitOfWork, session: CallSession, at: datetime, policy: Policy) -> None:
    await complete_verification(
        unit,
        session.freelancer_id,
        session.person_key,
        session.number_key,
        f"verification:{session.id}",
        at=at,
        policy=policy,
    )


async def _count(unit: UnitOfWork, session: CallSession, kind: LedgerKind, at: datetime) -> None:
    await unit.ledger.add(
        LedgerEntry(
            at=at,
            kind=kind,
            person=session.person_key,
            number=session.number_key,
            session_id=session.id,
        )
    )


async def _settle_ask(
    unit: UnitOfWork, before: Verification, session: CallSession, how: Ending
) -> None:
    """A call that never rang counts as unreached; a delivered message counts as rung."""
    phase = None if before.session is None else before.session.phase
    delivered = isinstance(phase, AwaitingTyped) and phase.reached >= Reached.DELIVERED
    if how in UNREACHED and not delivered:
        await unit.ledger.settle_ask(session.id, LedgerKind.UNREACHED)


async def queue_hang_up(unit: UnitOfWork, session: CallSession, at: datetime) -> None:
    await unit.outbox.add(
        HangUp(session_id=session.id, sid=session.provider_sid, channel=session.channel),
        lane=call_lane(session.id),
        key=f"hang-up:{session.id}",
        due_at=at,
    )


def _is_open_outside(before: Verification, session: CallSession, event: CallEvent) -> bool:
    """Whether the provider must be told: calls ended by a person or a timer are still connected.

    Telegram Gateway is told of every end, so that it revokes the message or counts it as used.
    """
    if before.session is None or isinstance(before.session.phase, Queued):
        return False
    return session.channel is Channel.GATEWAY or isinstance(event, Cancelled | TimePassed)


async def complete_verification(
    unit: UnitOfWork,
    freelancer_id: FreelancerId,
    person: PersonKey,
    key: NumberKey,
    proof: str,
    *,
    at: datetime,
    policy: Policy,
) -> None:
    """Mark a number as verified, by any kind of proof: complete its steps and show progress."""
    await unit.numbers.mark_verified(freelancer_id, key, at)
    await unit.ledger.clear(person, key)
    await unit.ledger.bind(key, person)
    await queue_event(unit, EventKind.PHONE_VERIFIED, freelancer_id, now=at)
    opened = []
    for step in phone_steps(policy):
        done = Completion(step=step, done_at=at, proof=proof)
        if await complete_step(unit, freelancer_id, done, now=at):
            opened.append(step)
    chat = await unit.chats.of(freelancer_id)
    if chat is not None:
        await unit.outbox.add(
            ShowProgress(freelancer_id=freelancer_id, opened=tuple(opened)),
            lane=chat_lane(chat.id),
            key=f"show-progress:{proof.removeprefix('verification:')}",
            due_at=at,
        )


def reminder_key(freelancer_id: FreelancerId, until: datetime) -> str:
    """Idempotency key of the reminder that a lock is over."""
    return f"remind-unlocked:{freelancer_id}:{until.isoformat()}"


async def _remind(unit: UnitOfWork, session: CallSession, locking: LedgerEntry | None) -> None:
    chat = await unit.chats.of(session.freelancer_id)
    until = None if locking is None else locking.locked_until
    if chat is not None and until is not None:
        await unit.outbox.add(
            RemindUnlocked(freelancer_id=session.freelancer_id),
            lane=chat_lane(chat.id),
            key=reminder_key(session.freelancer_id, until),
            due_at=until,
        )


async def _watch_declines(
    unit: UnitOfWork, session: CallSession, at: datetime, policy: Policy
) -> None:
    """Alarm from the second time on that key 9 is pressed: one may be a slip."""
    person, number = session.person_key, session.number_key
    since = at - counting_period(policy.verification)
    entries = await unit.ledger.about(person, number, since=since)
    if declines(entries, person, number, now=at) >= DECLINES_THAT_ALARM:
        await alert(unit, Alarm.DECLINES, now=at, about=session.freelancer_id)


async def _tell_owner(unit: UnitOfWork, session: CallSession, at: datetime) -> None:
    owner = await unit.numbers.verified_by(session.number_key)
    chat = None if owner is None else await unit.chats.of(owner)
    if owner is not None and chat is not None:
        await unit.outbox.add(
            TellOwner(freelancer_id=owner, number=mask_number(session.number)),
            lane=chat_lane(chat.id),
            key=f"tell-owner:{session.id}",
            due_at=at,
        )
