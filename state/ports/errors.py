"""What the ports raise; people never meet it.

StateError
├── StaleStateError      a contested record changed since it was read: run the turn again
├── DatabaseDownError    the database is away, full or locked: try again when it is back
└── ImpossibleRowError   the database holds what no version of this program writes
"""


class StateError(Exception):
    """Base class of the errors of this package; never shown to people."""


class StaleStateError(StateError):
    """A version check failed: another transaction saved first. Run the unit of work again."""


class DatabaseDownError(StateError):
    """The database is unavailable; the same work will succeed later."""


class ImpossibleRowError(StateError):
    """A stored row that cannot be turned into a value; the message names its table and key."""
