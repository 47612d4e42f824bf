"""What can happen to a call session; the machine in `verification` says what follows."""

from dataclasses import dataclass
from typing import TypeAlias

from state.model.channel import Reached
from state.model.ledger import Attempts
from state.model.verification import Ending


@dataclass(frozen=True, slots=True)
class Claimed:
    """The worker that places calls took this one."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """The provider has no room for now and created nothing: back into the queue."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The provider took the call, under this id of its own."""

    sid: str


@dataclass(frozen=True, slots=True)
class PlaceFailed:
    how: Ending


@dataclass(frozen=True, slots=True)
class Adopted:
    """A signed callback names our session: the call exists, whatever became of our request."""

    sid: str


@dataclass(frozen=True, slots=True)
class PickedUp:
    """Somebody, or a machine, answered."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: str


@dataclass(frozen=True, slots=True)
class NothingPressed:
    """The question for the hash key ran out in silence."""


@dataclass(frozen=True, slots=True)
class CodeHeard:
    """What came for the code. `matches`: None if it was not as many digits as a code has."""

    matches: bool | None
    attempts: Attempts
    """Of the session's person and number, as the ledger has them when the code is judged."""
    in_use: bool = False
    """The number is bound to another account, which only who holds the line may learn."""


@dataclass(frozen=True, slots=True)
class MessageReached:
    """A report on the message that holds the code."""

    reached: Reached


@dataclass(frozen=True, slots=True)
class HungUp:
    """The line is closed, or a message will never arrive. `how` tells what came of it."""

    how: Ending


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Time to look whether something ran out."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """By the person, by an edited number, or by erasure."""


Placement: TypeAlias = Claimed | Deferred | Placed | PlaceFailed | Adopted
Dialogue: TypeAlias = PickedUp | KeyPressed | NothingPressed | CodeHeard
"""Requests of the provider that wait for a prompt."""

CallEvent: TypeAlias = Placement | Dialogue | MessageReached | HungUp | TimePassed | Cancelled
