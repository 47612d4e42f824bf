from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.rules.office_hours import Office, expected_at, is_open_at, parse_hours

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = "mon-fri 09:00-17:00"


def an_office(hours: str = WEEKDAYS, *, minutes: int = 30) -> Office:
    return Office(zone=BERLIN, shifts=parse_hours(hours), answer_within=timedelta(minutes=minutes))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


CASES = [
    ("within the hours", WEEKDAYS, 30, "2026-11-23 10:00", "2026-11-23 10:30"),
    ("before they begin", WEEKDAYS, 30, "2026-11-23 07:12", "2026-11-23 09:30"),
    ("too late for today", WEEKDAYS, 30, "2026-11-23 16:50", "2026-11-24 09:20"),
    ("on Friday night", WEEKDAYS, 30, "2026-11-27 20:00", "2026-11-30 09:30"),
    ("more than a day's hours", WEEKDAYS, 600, "2026-11-23 09:00", "2026-11-24 11:00"),
    ("until midnight", "mon 20:00-24:00", 60, "2026-11-23 23:30", "2026-11-30 20:30"),
    ("over midnight", "mon-fri 22:00-06:00", 60, "2026-11-23 23:30", "2026-11-24 00:30"),
    ("after a shift over midnight", "fri 22:00-06:00", 60, "2026-11-28 05:30", "2026-12-04 22:30"),
    ("over midnight on Sunday", "sun 22:00-06:00", 60, "2026-11-23 04:00", "2026-11-23 05:00"),
    ("to midnight at zero", "mon 22:00-00:00", 60, "2026-11-24 00:00", "2026-11-30 23:00"),
    ("shifts that overlap", "mon 09:00-12:00, mon 11:00-13:00", 240, "2026-11-23 09:00",
     "2026-11-23 13:00"),
    ("over the weekend's end", "sat-mon 10:00-11:00", 90, "2026-11-29 10:00", "2026-11-30 10:30"),
    ("over the change of the clocks", "sat-sun 00:00-24:00", 240, "2026-03-29 00:00",
     "2026-03-29 05:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "minutes", "now", "expected"),
    [case[1:] for case in CASES],
    ids=[c[0] for c in CASES],
)
def test_an_answer_is_expected_after_the_promised_time_in_office_hours(
    hours: str, minutes: int, now: str, expected: str
) -> None:
    assert expected_at(an_office(hours, minutes=minutes), berlin(now)) == berlin(expected)


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.integers(1, 3000),
)
def test_the_expected_time_lies_within_office_hours(later: int, minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=later)
    office = an_office("mon-fri 09:00-17:00, sat 22:00-24:00", minutes=minutes)

    moment = expected_at(office, now)

    assert moment > now
    assert is_open_at(office, moment - timedelta(microseconds=1))


@pytest.mark.parametrize(
    "hours",
    ["mon", "mon 9-17", "mon-fri 09:00-09:00", "abc 09:00-17:00", "mon 25:00-26:00", "mon 09:00"],
)
def test_malformed_hours_are_refused(hours: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(hours)


def test_without_office_hours_the_expected_time_is_an_error() -> None:
    with pytest.raises(ValueError, match="without hours"):
        expected_at(an_office(""), berlin("2026-11-23 10:00"))
