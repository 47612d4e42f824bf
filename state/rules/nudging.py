"""When somebody may be told, unasked but as agreed, what is left to do."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY: Final = timedelta(days=7)
WAKING: Final = (time(10), time(20))
"""By the person's own clock."""
ALMOST_EVERYWHERE: Final = (time(14), time(16))
"""In UTC, where their clock isn't known: from 8 in the morning in Chicago to 9.30 in the evening
in Delhi."""


def next_nudge(now: datetime, timezone: object) -> datetime:
    """A week from now, or as soon after that as is no bother."""
    return when_awake(now + EVERY, timezone)


def when_awake(moment: datetime, timezone: object) -> datetime:
    """The moment, or the end of the quiet hours it falls in. `timezone`: an IANA name, or not."""
    zone = _zone(timezone)
    begin, end = ALMOST_EVERYWHERE if zone is None else WAKING
    local = moment.astimezone(zone or UTC)
    if begin <= local.time() < end:
        return moment
    day = local.date() if local.time() < begin else local.date() + timedelta(days=1)
    return datetime.combine(day, begin, zone or UTC).astimezone(UTC)


def _zone(name: object) -> ZoneInfo | None:
    """The rules of the zones are data, like the numbering plans; what no one knows is None."""
    if not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
