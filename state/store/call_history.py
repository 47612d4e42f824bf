"""Counts the calls of the last 24 hours for the limits, and finds what else forbids a call."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select

from state.model.account import FreelancerId
from state.model.verification import CallHistory, Ending, NumberKey
from state.store.tables import call_session as t
from state.store.tables import number_lock
from state.store.transaction import AnyRow, AnySelect, Transaction

WINDOW: Final = timedelta(hours=24)
NEVER_RANG: Final = [
    Ending.PROVIDER_FAILED.value,
    Ending.NUMBER_REJECTED.value,
    Ending.NOT_SERVED.value,
]


async def read_history(
    transaction: Transaction, freelancer_id: FreelancerId, key: NumberKey, now: datetime
) -> CallHistory:
    """Whoever reads this is about to place a call; others wait until that is decided.

    Otherwise two of them could both find the last place below a limit free.
    """
    await transaction.hold("calls")
    calls = await transaction.all(_calls(freelancer_id, key, now))
    desk = (await transaction.all(_desk(now)))[0]
    obstacles = (await transaction.all(_obstacles(freelancer_id, key, now)))[0]
    return CallHistory(
        last_call_at=calls[-1].opened_at if calls else None,
        number_calls_at=_moments(calls, number_key=key),
        freelancer_calls_at=_moments(calls, freelancer_id=freelancer_id),
        desk_calls=desk.calls,
        desk_window_ends_at=None if desk.oldest is None else desk.oldest + WINDOW,
        number_locked_until=obstacles.locked_until,
        declined_at=obstacles.declined_at,
        number_busy_until=obstacles.busy_until,
    )


def _moments(calls: Sequence[AnyRow], **which: str) -> tuple[datetime, ...]:
    return tuple(
        call.opened_at
        for call in calls
        if all(getattr(call, column) == value for column, value in which.items())
    )


def _counts(now: datetime) -> ColumnElement[bool]:
    rang = or_(t.c.ending.is_(None), t.c.ending.not_in(NEVER_RANG))
    return rang & (t.c.opened_at > now - WINDOW)


def _calls(freelancer_id: FreelancerId, key: NumberKey, now: datetime) -> AnySelect:
    theirs = or_(t.c.freelancer_id == freelancer_id, t.c.number_key == key)
    columns = select(t.c.freelancer_id, t.c.number_key, t.c.opened_at)
    return columns.where(_counts(now), theirs).order_by(t.c.opened_at)


def _desk(now: datetime) -> AnySelect:
    counted = select(func.count().label("calls"), func.min(t.c.opened_at).label("oldest"))
    return counted.select_from(t).where(_counts(now))


def _obstacles(freelancer_id: FreelancerId, key: NumberKey, now: datetime) -> AnySelect:
    locked_until = select(number_lock.c.locked_until).where(
        number_lock.c.number_key == key, number_lock.c.locked_until > now
    )
    declined_at = select(func.max(t.c.ended_at)).where(
        t.c.freelancer_id == freelancer_id,
        t.c.number_key == key,
        t.c.ending == Ending.DECLINED.value,
        t.c.ended_at > now - WINDOW,
    )
    busy_until = select(func.max(t.c.expires_at)).where(
        t.c.number_key == key, t.c.freelancer_id != freelancer_id, t.c.ended_at.is_(None)
    )
    return select(
        locked_until.scalar_subquery().label("locked_until"),
        declined_at.scalar_subquery().label("declined_at"),
        busy_until.scalar_subquery().label("busy_until"),
    )
