"""Tells a database that is away, full or locked from a statement that is wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError

from state.ports import DatabaseDownError

POSTGRESQL_DOWN: Final = ("08", "25006", "53", "57", "58")
"""How such states begin: connections, read-only, resources, operators, the system itself."""
SQLITE_DOWN: Final = frozenset({5, 6, 7, 8, 10, 13, 14})
"""Busy, locked, no memory, read-only, I/O, full, not to be opened: the low byte of a variant."""


@contextmanager
def outages_are_named() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_down(error):
            # The error's own text may hold people's words.
            raise DatabaseDownError(type(error.orig).__name__) from error
        raise
    except sqlite3.Error as error:
        if tells_of_outage(error):
            raise DatabaseDownError(type(error).__name__) from error
        raise
    except OSError as error:
        raise DatabaseDownError(str(error)) from error


def _is_down(error: DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    return tells_of_outage(error.orig)


def tells_of_outage(told: object) -> bool:
    """What a driver raised, whether Core wrapped it or the driver was asked without it."""
    if (state := getattr(told, "sqlstate", None)) is not None:
        return str(state).startswith(POSTGRESQL_DOWN)
    return getattr(told, "sqlite_errorcode", 0) & 0xFF in SQLITE_DOWN
