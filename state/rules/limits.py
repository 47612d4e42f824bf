"""Evaluate ledger entries into the counts that call limits are checked against."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from state.model.ledger import CallHistory, LedgerEntry, LedgerKind, Tally
from state.model.verification import Ending, NumberKey, PersonKey
from state.policy import VerificationPolicy
from state.rules.rounds import attempts

WINDOW: Final = timedelta(hours=24)
"""Sliding window of all call limits; also how long key 9 ("this wasn't me") blocks calls."""
ASKS: Final = frozenset({LedgerKind.ASKED, LedgerKind.UNREACHED})
UNREACHED: Final = frozenset(
    {
        Ending.PROVIDER_FAILED,
        Ending.MISCONFIGURED,
        Ending.NUMBER_REJECTED,
        Ending.NOT_SERVED,
        Ending.NOT_DELIVERED,
    }
)
"""Endings of calls that never rang: they count for the person's asks, not for the number."""


def counting_period(policy: VerificationPolicy) -> timedelta:
    """How long a ledger entry counts for any limit or lock."""
    return max(WINDOW, policy.lock)


def call_history(
    entries: Sequence[LedgerEntry],
    tally: Tally,
    person: PersonKey,
    number: NumberKey,
    *,
    number_busy_until: datetime | None,
    now: datetime,
    policy: VerificationPolicy,
) -> CallHistory:
    """Counts for one person and one number. `entries`: those about either, oldest first."""
    recent = [one for one in entries if now < one.at + WINDOW]
    asks = [one for one in recent if one.kind in ASKS and one.person == person]
    rang = [one for one in recent if one.kind is LedgerKind.ASKED]
    there = [one for one in rang if one.number == number]
    return CallHistory(
        attempts=attempts(entries, person, number, now=now, policy=policy),
        last_call_at=max(_moments([*asks, *there]), default=None),
        number_calls_at=_moments(there),
        freelancer_calls_at=_moments(one for one in rang if one.person == person),
        freelancer_asks_at=_moments(asks),
        block_calls=tally.block_calls,
        block_window_ends_at=_window_ends(tally.block_oldest),
        region_calls=tally.region_calls,
        region_window_ends_at=_window_ends(tally.region_oldest),
        desk_calls=tally.desk_calls,
        desk_window_ends_at=_window_ends(tally.desk_oldest),
        misconfigured_at=tally.misconfigured_at,
        declined_at=max(_declines(recent, person, number), default=None),
        number_busy_until=number_busy_until,
    )


def declines(
    entries: Sequence[LedgerEntry], person: PersonKey, number: NumberKey, *, now: datetime
) -> int:
    """How often key 9 was pressed within the window, for this person or at this number."""
    return sum(
        one.kind is LedgerKind.DECLINED and now < one.at + WINDOW
        for one in entries
        if one.person == person or one.number == number
    )


def _declines(
    recent: Iterable[LedgerEntry], person: PersonKey, number: NumberKey
) -> tuple[datetime, ...]:
    return tuple(
        one.at
        for one in recent
        if one.kind is LedgerKind.DECLINED and (one.person, one.number) == (person, number)
    )


def _moments(entries: Iterable[LedgerEntry]) -> tuple[datetime, ...]:
    return tuple(one.at for one in entries)


def _window_ends(oldest: datetime | None) -> datetime | None:
    return None if oldest is None else oldest + WINDOW
