from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.rules.nudging import ALMOST_EVERYWHERE, EVERY, WAKING, after_quiet_hours, next_nudge

MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is the next argument
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001 - the zone is the next argument
    timezones=st.just(UTC),
)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "timezone", "told_at"),
    [
        pytest.param(at(12), "Europe/Berlin", at(12), id="noon in Berlin"),
        pytest.param(at(3), "Europe/Berlin", at(9), id="night in Berlin, until ten there"),
        pytest.param(at(18, 59), "Europe/Berlin", at(18, 59), id="just before eight there"),
        pytest.param(at(19), "Europe/Berlin", at(9, day=24), id="eight in the evening there"),
        pytest.param(at(12), "Asia/Manila", at(2, day=24), id="eight in the evening in Manila"),
        pytest.param(at(15), None, at(15), id="not known, an hour that bothers few"),
        pytest.param(at(16), None, at(14, day=24), id="not known, too late for Delhi"),
        pytest.param(at(2), "Nowhere/Here", at(14), id="a zone that nobody knows"),
        pytest.param(at(2), "../etc/passwd", at(14), id="no zone at all"),
        pytest.param(at(2), 7, at(14), id="not even a name"),
    ],
)
def test_a_time_in_the_quiet_hours_is_moved_to_their_end(
    moment: datetime, timezone: object, told_at: datetime
) -> None:
    assert after_quiet_hours(moment, timezone) == told_at


@given(now=MOMENTS, timezone=st.sampled_from(sorted(available_timezones())))
def test_a_reminder_is_due_within_a_day_of_one_week_later_in_the_daytime(
    now: datetime, timezone: str
) -> None:
    due = next_nudge(now, timezone)

    local = due.astimezone(ZoneInfo(timezone))
    assert EVERY <= due - now <= EVERY + timedelta(hours=25)
    assert WAKING[0] <= local.time() < WAKING[1]


@given(now=MOMENTS)
def test_without_a_time_zone_reminders_come_when_it_is_day_almost_everywhere(
    now: datetime,
) -> None:
    due = next_nudge(now, None)

    assert due - now >= EVERY
    assert ALMOST_EVERYWHERE[0] <= due.time() < ALMOST_EVERYWHERE[1]
