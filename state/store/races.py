"""Tells a lost race from a fault: what both databases raise when somebody else was first."""

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
    try:
        yield
    except DBAPIError as error:
        if _lost(error):
            raise StaleStateError(str(error.orig)) from error
        raise


def _lost(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in POSTGRESQL_LOST:
        return True
    return getattr(error.orig, "sqlite_errorcode", 0) in SQLITE_LOST or is_busy(error)


def is_busy(error: DBAPIError) -> bool:
    """Another process has SQLite's file for itself."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == SQLITE_BUSY
