"""Tells a lost race from a fault: what both databases raise when somebody else was first."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from state.ports import StaleStateError

POSTGRESQL_LOST: Final = frozenset(
    {
        "23505",  # unique_violation
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "55P03",  # lock_not_available
    }
)
SQLITE_LOST: Final = frozenset(
    {
        1555,  # SQLITE_CONSTRAINT_PRIMARYKEY
        2067,  # SQLITE_CONSTRAINT_UNIQUE
    }
)
SQLITE_BUSY: Final = 5  # the low byte of each of its variants


@contextmanager
def lost_races_are_stale() -> Iterator[None]:
    """Whether Core wraps what the driver raises, or SQLite's was asked without it."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise_if_stale(error)
        raise


def raise_if_stale(error: DBAPIError | sqlite3.Error) -> None:
    told = error.orig if isinstance(error, DBAPIError) else error
    if told is not None and is_lost(told):
        raise StaleStateError(str(told)) from error


def is_lost(told: BaseException) -> bool:
    if getattr(told, "sqlstate", None) in POSTGRESQL_LOST:
        return True
    return getattr(told, "sqlite_errorcode", 0) in SQLITE_LOST or sqlite_is_busy(told)


def is_busy(error: DBAPIError) -> bool:
    """Another process has SQLite's file for itself."""
    return error.orig is not None and sqlite_is_busy(error.orig)


def sqlite_is_busy(told: BaseException) -> bool:
    return getattr(told, "sqlite_errorcode", 0) & 0xFF == SQLITE_BUSY
