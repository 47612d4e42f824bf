"""Turning rows into values: the one place where an impossible row is named."""

from collections.abc import Iterator
from contextlib import contextmanager

from state.ports import ImpossibleRowError


@contextmanager
def reading_row(table: str, key: object) -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{table} {key!r}: {error}"
        raise ImpossibleRowError(message) from error
