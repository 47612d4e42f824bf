"""Audit trail of calls: every phase, wrong code and ending, without codes and full numbers."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from state.model.channel import AwaitingTyped, Reached
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
from state.ports import AuditEvent, UnitOfWork
from state.rules.call_events import CallEvent, HungUp, TimePassed
from state.rules.phone_number import mask_number

ACTOR = "call"


async def record_changes(
    unit: UnitOfWork,
    before: Verification,
    session: CallSession,
    *,
    wrong_code: bool,
    now: datetime,
) -> None:
    """Add audit lines for what an event changed in a call."""
    if wrong_code:
        await record_event(unit, session, "call.wrong_code", now)
    was = None if before.session is None else before.session.phase
    for kind in _steps(was, session.phase):
        await record_event(unit, session, kind, now)


def _steps(was: Phase | None, phase: Phase) -> Iterator[str]:
    match phase:
        case Ended(how):
            yield f"call.{how}"
        case Dialing() if was != phase:
            yield "call.ringing"
        case AwaitingAck() if isinstance(was, Dialing):
            yield "call.answered"
        case AwaitingCode() if isinstance(was, AwaitingAck):
            yield "call.acknowledged"
        case AwaitingCode() if was != phase:
            yield "call.misheard"
        case AwaitingTyped(Reached.SENT) if was != phase:
            yield "call.sent"
        case AwaitingTyped(reached) if was != phase:
            yield f"call.{reached.name.lower()}"
        case Closing():
            yield "call.hung_up"
        case Queued() | Placing() | Dialing() | AwaitingAck() | AwaitingCode() | AwaitingTyped():
            return
        case _:
            assert_never(phase)


async def record_late_event(
    unit: UnitOfWork, session: CallSession, event: CallEvent, *, now: datetime
) -> None:
    """Record an event after the end; hang-ups and timers always follow an end and are ignored."""
    if isinstance(session.phase, Ended) and not isinstance(event, HungUp | TimePassed):
        await record_event(unit, session, "call.late_event", now)


async def record_event(
    unit: UnitOfWork, session: CallSession, kind: str, now: datetime, *more: str
) -> None:
    await unit.audit.add(
        AuditEvent(
            at=now,
            kind=kind,
            subject=session.freelancer_id,
            actor=ACTOR,
            detail=" ".join((mask_number(session.number), *more)),
        )
    )
