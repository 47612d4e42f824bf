"""Errors of the database as a whole; each message says what to do about it.

StoreError
├── BadUrlError               the URL names no database this program can use
├── DatabaseUnreachableError  no server answers there, or it refuses the connection
├── DatabaseTooOldError       the tables are those of an earlier version
├── DatabaseTooNewError       the tables are those of a later version
├── DatabaseInUseError        another process runs on a database that serves only one
├── UnsuitableError           the server can't store our texts, or gives the role too few rights
├── PepperNeededError         an upgrade must key stored values, and no pepper was given
└── CopyError                 a copy could not be made or restored
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError

from state.ports import DatabaseDownError, StaleStateError, StateError


class StoreError(StateError):
    """Base class of errors about the database itself, as opposed to one record."""


class BadUrlError(StoreError):
    pass


class DatabaseUnreachableError(StoreError, DatabaseDownError):
    pass


class DatabaseTooOldError(StoreError):
    pass


class DatabaseTooNewError(StoreError):
    pass


class DatabaseInUseError(StoreError):
    pass


class UnsuitableError(StoreError):
    pass


class PepperNeededError(StoreError):
    pass


class CopyError(StoreError):
    pass


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
    """Turn conflicts into StaleStateError, raised by Core or by the SQLite driver."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise_if_stale(error)
        raise


def raise_if_stale(error: DBAPIError | sqlite3.Error) -> None:
    """Raise StaleStateError if the error is a conflict with another transaction."""
    told = error.orig if isinstance(error, DBAPIError) else error
    if told is not None and is_lost(told):
        raise StaleStateError(str(told)) from error


def is_lost(told: BaseException) -> bool:
    """Whether a driver's exception is a conflict with another transaction."""
    if getattr(told, "sqlstate", None) in POSTGRESQL_LOST:
        return True
    return getattr(told, "sqlite_errorcode", 0) in SQLITE_LOST or sqlite_is_busy(told)


def is_busy(error: DBAPIError) -> bool:
    """Whether another process has the SQLite file locked."""
    return error.orig is not None and sqlite_is_busy(error.orig)


def sqlite_is_busy(told: BaseException) -> bool:
    """Whether a driver's exception is SQLITE_BUSY, in any variant."""
    return getattr(told, "sqlite_errorcode", 0) & 0xFF == SQLITE_BUSY


POSTGRESQL_DOWN: Final = ("08", "25006", "53", "57", "58")
"""SQLSTATE prefixes of an outage: connection, read-only, resources, operator, system error."""
SQLITE_DOWN: Final = frozenset({5, 6, 7, 8, 10, 13, 14})
"""Low bytes of error codes: busy, locked, no memory, read-only, I/O, full, cannot open."""


@contextmanager
def outages_are_named() -> Iterator[None]:
    """Turn outages into DatabaseDownError."""
    try:
        yield
    except DBAPIError as error:
        if _is_down(error):
            # The error's message may contain personal data.
            raise DatabaseDownError(type(error.orig).__name__) from error
        raise
    except sqlite3.Error as error:
        if tells_of_outage(error):
            raise DatabaseDownError(type(error).__name__) from error
        raise
    except OSError as error:
        raise DatabaseDownError(str(error)) from error


FORBIDDEN: Final = "42501"
"""SQLSTATE insufficient_privilege."""


@contextmanager
def missing_rights_are_named() -> Iterator[None]:
    """Turn a lack of rights into UnsuitableError."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != FORBIDDEN:
            raise
        said = str(error.orig).rpartition(">: ")[2].splitlines() or ["permission denied"]
        message = f"{said[0]}; make its role the owner of the tables, or grant it what is missing"
        raise UnsuitableError(message) from error


READ_ONLY: Final = "25006"
"""SQLSTATE read_only_sql_transaction."""


def is_read_only(error: BaseException | None) -> bool:
    """Whether this error, or one that it wraps, is a write refused by a read-only server."""
    while error is not None:
        wrapped = getattr(error, "orig", None)
        if READ_ONLY in {getattr(one, "sqlstate", None) for one in (error, wrapped)}:
            return True
        error = error.__cause__
    return False


def _is_down(error: DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    return tells_of_outage(error.orig)


def tells_of_outage(message: object) -> bool:
    """Whether a driver's exception (wrapped by Core or not) means that the database is down."""
    if (state := getattr(message, "sqlstate", None)) is not None:
        return str(state).startswith(POSTGRESQL_DOWN)
    return getattr(message, "sqlite_errorcode", 0) & 0xFF in SQLITE_DOWN
