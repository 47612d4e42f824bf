"""Counts the calls of the last 24 hours for the limits, and finds what else forbids a call."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select, true

from state.model.account import FreelancerId
from state.model.destination import BLOCK_DIGITS, Destination
from state.model.verification import CallHistory, Ending, NumberKey
from state.store.tables import call_session as t
from state.store.tables import number_lock
from state.store.transaction import AnyRow, AnySelect, Transaction

WINDOW: Final = timedelta(hours=24)
NEVER_RANG: Final = [
    Ending.PROVIDER_FAILED.value,
    Ending.MISCONFIGURED.value,
    Ending.NUMBER_REJECTED.value,
    Ending.NOT_SERVED.value,
    Ending.NOT_DELIVERED.value,
]


async def read_history(
    transaction: Transaction, freelancer_id: FreelancerId, to: Destination, now: datetime
) -> CallHistory:
    """Whoever reads this is about to place a call; others wait until that is decided.

    Otherwise two of them could both find the last place below a limit free.
    """
    await transaction.hold("calls")
    calls = await transaction.all(_calls(freelancer_id, to.key, now))
    tally = (await transaction.all(_tally(to, now)))[0]
    obstacles = (await transaction.all(_obstacles(freelancer_id, to.key, now)))[0]
    return CallHistory(
        last_call_at=calls[-1].opened_at if calls else None,
        number_calls_at=_moments(calls, number_key=to.key),
        freelancer_calls_at=_moments(calls, freelancer_id=freelancer_id),
        block_calls=tally.block_calls,
        block_window_ends_at=_end(tally.block_oldest),
        region_calls=tally.region_calls,
        region_window_ends_at=_end(tally.region_oldest),
        desk_calls=tally.desk_calls,
        desk_window_ends_at=_end(tally.desk_oldest),
        number_locked_until=obstacles.locked_until,
        declined_at=obstacles.declined_at,
        number_busy_until=obstacles.busy_until,
        misconfigured_at=obstacles.misconfigured_at,
    )


def _end(oldest: datetime | None) -> datetime | None:
    return None if oldest is None else oldest + WINDOW


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


def _tally(to: Destination, now: datetime) -> AnySelect:
    """How many calls there were, and when the first was: in the block, in the region, in all."""
    block = func.substr(t.c.number, 1, func.length(t.c.number) - BLOCK_DIGITS)
    groups = {
        "block": block == to.block,
        "region": t.c.region == to.region,
        "desk": true(),
    }
    columns = [
        column
        for name, which in groups.items()
        for column in (
            func.count().filter(which).label(f"{name}_calls"),
            func.min(t.c.opened_at).filter(which).label(f"{name}_oldest"),
        )
    ]
    return select(*columns).select_from(t).where(_counts(now))


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
    misconfigured_at = select(func.max(t.c.ended_at)).where(
        t.c.ending == Ending.MISCONFIGURED.value, t.c.opened_at > now - WINDOW
    )
    return select(
        locked_until.scalar_subquery().label("locked_until"),
        declined_at.scalar_subquery().label("declined_at"),
        busy_until.scalar_subquery().label("busy_until"),
        misconfigured_at.scalar_subquery().label("misconfigured_at"),
    )
