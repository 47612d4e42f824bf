"""What can be wrong with a database as a whole; each message says what to do about it.

StoreError
├── BadUrlError               the address names no database this program can use
├── DatabaseUnreachableError  nobody answers there, or not to us
├── DatabaseTooOldError       the tables are those of an earlier version
├── DatabaseTooNewError       the tables are those of a later version
├── DatabaseInUseError        another process runs on a database that serves only one
├── PepperNeededError         an upgrade keys what is stored, and no pepper was given
└── CopyError                 a copy could not be made, or not be put back
"""

from state.ports import DatabaseDownError, StateError


class StoreError(StateError):
    """Root of what the store raises about the database itself, not about one record."""


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


class PepperNeededError(StoreError):
    pass


class CopyError(StoreError):
    pass
