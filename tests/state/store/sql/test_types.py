from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from state.store.database import Database
from state.store.sql.types import from_milliseconds, to_milliseconds
from state.store.tables import number_binding

MOMENT = datetime(2026, 3, 29, 0, 59, 59, 999_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "milliseconds"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (MOMENT, 1_774_745_999_999),
        (MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45))), 1_774_745_999_999),
        (MOMENT + timedelta(microseconds=999), 1_774_745_999_999),
        (datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC), -1),
    ],
    ids=["epoch", "whole", "another zone", "rounded down", "before the epoch"],
)
def test_a_moment_is_stored_in_whole_utc_milliseconds(moment: datetime, milliseconds: int) -> None:
    assert to_milliseconds(moment) == milliseconds


def test_a_moment_of_whole_milliseconds_is_read_back_exactly() -> None:
    assert from_milliseconds(to_milliseconds(MOMENT)) == MOMENT
    assert from_milliseconds(to_milliseconds(MOMENT)).tzinfo is UTC


async def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    naive = MOMENT.replace(tzinfo=None)

    with pytest.raises(StatementError, match="names no moment"):
        async with database.connections.reading() as transaction:
            await transaction.first(select(number_binding).where(number_binding.c.until > naive))
