"""Column types that mean the same on SQLite and PostgreSQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from state.ports import ImpossibleRowError

_JSON = json.JSONEncoder(allow_nan=False)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""Auto-increment id. SQLite generates ids only for INTEGER columns, which are 64-bit there."""


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, rounded down; ValueError for a naive datetime."""
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone, so it names no moment"
        raise ValueError(message)
    return (moment - EPOCH) // MILLISECOND


def from_milliseconds(count: int) -> datetime:
    return EPOCH + count * MILLISECOND


class UtcDateTime(TypeDecorator[datetime]):
    """A moment as UTC milliseconds: compared and indexed alike on both databases, zone-safe."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else from_milliseconds(value)


class Moments(TypeDecorator[tuple[datetime, ...]]):
    """A few moments in one column, as a JSON list of UTC milliseconds."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: tuple[datetime, ...] | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str | None:
        return None if value is None else json.dumps([to_milliseconds(each) for each in value])

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> tuple[datetime, ...] | None:
        return None if value is None else tuple(from_milliseconds(n) for n in json.loads(value))


class JsonText(TypeDecorator[Any]):
    """A JSON value as ASCII text.

    A lone surrogate, which JSON from outside may carry, has no UTF-8 form, and PostgreSQL takes no
    NUL in text; both survive as escapes.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else _JSON.encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else json.loads(value)


@contextmanager
def reading_row(table: str, key: object) -> Iterator[None]:
    """Turn conversion errors into ImpossibleRowError, naming table and key."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{table} {key!r}: {error}"
        raise ImpossibleRowError(message) from error
