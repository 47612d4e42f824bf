"""When to send reminders of unfinished steps to people who agreed to them."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY: Final = timedelta(days=7)
WAKING: Final = (time(10), time(20))
"""Hours in which reminders are sent, in the person's own time zone."""
ALMOST_EVERYWHERE: Final = (time(14), time(16))
"""Hours in UTC for an unknown time zone: from 8:00 in Chicago to 21:30 in Delhi."""


def next_nudge(now: datetime, timezone: object) -> datetime:
    """A week from now, moved to the end of quiet hours if it falls in them."""
    return after_quiet_hours(now + EVERY, timezone)


def after_quiet_hours(moment: datetime, timezone: object) -> datetime:
    """`moment`, or the end of the quiet hours it falls in.

    `timezone`: an IANA name; anything else counts as an unknown time zone.
    """
    zone = _zone(timezone)
    begin, end = ALMOST_EVERYWHERE if zone is None else WAKING
    local = moment.astimezone(zone or UTC)
    if begin <= local.time() < end:
        return moment
    day = local.date() if local.time() < begin else local.date() + timedelta(days=1)
    return datetime.combine(day, begin, zone or UTC).astimezone(UTC)


def _zone(name: object) -> ZoneInfo | None:
    """A time zone by its IANA name; None if it is unknown."""
    if not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
