"""What the ports raise; people never meet it.

StateError
├── StaleStateError      a contested record changed since it was read: run the turn again
└── ImpossibleRowError   the database holds what no version of this program writes
"""


class StateError(Exception):
    """Root of what this package raises; people never meet it."""


class StaleStateError(StateError):
    """Somebody else saved first. Roll back and run the whole unit of work again."""


class ImpossibleRowError(StateError):
    """A stored row that cannot be turned into a value; the message names its table and key."""
