"""Errors raised by the ports; never shown to people.

StateError
├── StaleStateError      a version check failed: run the unit of work again
├── DatabaseDownError    the database is unreachable, full or locked: try again later
└── ImpossibleRowError   the database holds a row that no version of this program writes
"""


class StateError(Exception):
    """Base class of the errors of this package; never shown to people."""


class StaleStateError(StateError):
    """A version check failed: another transaction saved first. Run the unit of work again."""


class DatabaseDownError(StateError):
    """The database is unavailable; the same work will succeed later."""


class ImpossibleRowError(StateError):
    """A stored row cannot be converted to a value; the message names its table and key."""
