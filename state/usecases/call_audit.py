"""The audit trail of calls: every code that was judged and every end, without code or number."""

from datetime import datetime

from state.model.verification import CallSession, Ended, LockedOut, Open, Verification
from state.ports import AuditEvent, UnitOfWork
from state.rules.call_events import CallEvent, HungUp, TimePassed
from state.rules.phone_number import mask


async def note(
    unit: UnitOfWork,
    before: Verification,
    after: Verification,
    session: CallSession,
    *,
    now: datetime,
) -> None:
    if before.round != after.round and isinstance(after.round, Open | LockedOut):
        await _add(unit, session, "call.wrong_code", now)
    if isinstance(session.phase, Ended):
        await _add(unit, session, f"call.{session.phase.how}", now)


async def note_late(
    unit: UnitOfWork, session: CallSession, event: CallEvent, *, now: datetime
) -> None:
    """Every call is hung up after its end, and looked at when its time is over: no news."""
    if isinstance(session.phase, Ended) and not isinstance(event, HungUp | TimePassed):
        await _add(unit, session, "call.late_event", now)


async def _add(unit: UnitOfWork, session: CallSession, kind: str, now: datetime) -> None:
    await unit.audit.add(
        AuditEvent(
            at=now,
            kind=kind,
            subject=session.freelancer_id,
            actor="call",
            detail=mask(session.number),
        )
    )
