"""Office hours of staff, and when an answer can be expected."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+"
    r"(?P<start>\d{1,2}:\d{2})-(?P<end>\d{1,2}:\d{2})"
)
_MIDNIGHT = "24:00"
_LOOKED_AHEAD = 370
"""Days; any weekly hours yield enough office time within them."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Office hours on one day of the week."""

    day: int
    """0 to 6, Monday to Sunday."""
    start: time
    end: time | None
    """None: until midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Weekly office hours in a time zone, and the promised time to an answer."""

    zone: tzinfo
    shifts: tuple[Shift, ...]
    answer_within: timedelta
    """Time to a first answer, counted in office hours only."""


def parse_hours(text: str) -> tuple[Shift, ...]:
    """Parse "mon-fri 09:00-17:00, sat 22:00-06:00"; ValueError if malformed.

    A shift over midnight belongs to the day it begins on.
    """
    shifts = [shift for part in text.lower().split(",") if part.strip() for shift in _shifts(part)]
    return tuple(sorted(shifts, key=lambda one: (one.day, one.start)))


def expected_at(office: Office, now: datetime) -> datetime:
    """When an answer to a question asked now is due, counting office hours only."""
    left = office.answer_within
    for start, end in _ahead(office, now):
        begins = max(start, now)
        if end - begins >= left:
            return begins + left
        left -= end - begins
    raise ValueError("an office without hours")


def is_open_at(office: Office, now: datetime) -> bool:
    return any(start <= now < end for start, end in _ahead(office, now, days=2))


def _shifts(part: str) -> Iterator[Shift]:
    found = _SHIFT.fullmatch(part.strip())
    if found is None:
        raise ValueError(f"not hours: {part}")
    first = DAYS.index(found["first"])
    last = DAYS.index(found["last"] or found["first"])
    start = time.fromisoformat(found["start"].zfill(5))
    end = None if found["end"] == _MIDNIGHT else time.fromisoformat(found["end"].zfill(5))
    if end == start:
        raise ValueError(f"ends when it starts: {part}")
    for offset in range((last - first) % len(DAYS) + 1):
        day = (first + offset) % len(DAYS)
        if end is None or end > start:
            yield Shift(day, start, end)
        else:
            yield Shift(day, start, None)
            yield from [Shift((day + 1) % len(DAYS), time(), end)] if end > time() else []


def _ahead(
    office: Office, now: datetime, *, days: int = _LOOKED_AHEAD
) -> Iterator[tuple[datetime, datetime]]:
    """Shifts that are not over yet, in order, starting today."""
    today = now.astimezone(office.zone).date()
    for offset in range(days):
        day = today + timedelta(days=offset)
        for start, end in _merged(
            [_moments(office, day, one) for one in office.shifts if one.day == day.weekday()]
        ):
            if end > now:
                yield start, end


def _moments(office: Office, day: date, shift: Shift) -> tuple[datetime, datetime]:
    """Start and end of a shift in UTC, by the office's wall clock (daylight saving included)."""
    start = datetime.combine(day, shift.start, office.zone)
    end = (
        datetime.combine(day + timedelta(days=1), time(), office.zone)
        if shift.end is None
        else datetime.combine(day, shift.end, office.zone)
    )
    return start.astimezone(UTC), end.astimezone(UTC)


def _merged(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Merge overlapping shifts."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
