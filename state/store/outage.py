"""Tells a database that is down, full or locked from a statement that is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)

from state.ports import DatabaseDownError

OUR_FAULT: Final = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


@contextmanager
def outages_are_named() -> Iterator[None]:
    try:
        yield
    except OUR_FAULT:
        raise
    except DBAPIError as error:
        # The statement's values may be people's words.
        raise DatabaseDownError(str(error.orig)) from error
