"""What the ports raise; people never meet it.

StateError
├── StaleStateError      a contested record changed since it was read: run the turn again
├── DatabaseDownError    the database is away, full or locked: try again when it is back
└── ImpossibleRowError   the database holds what no version of this program writes
"""


class StateError(Exception):
    """Root of what this package raises; people never meet it."""


class StaleStateError(StateError):
    """Somebody else saved first. Roll back and run the whole unit of work again."""


class DatabaseDownError(StateError):
    """Nothing is wrong with what was to be done: the same will go through later."""


class ImpossibleRowError(StateError):
    """A stored row that cannot be turned into a value; the message names its table and key."""
