"""Events of a call session, the input of the state machine in `state.rules.verification`."""

from dataclasses import dataclass
from typing import TypeAlias

from state.model.channel import Reached
from state.model.ledger import Attempts
from state.model.verification import Ending


@dataclass(frozen=True, slots=True)
class Claimed:
    """The worker that places calls claimed the session."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """The provider is at capacity and created no call: queue the session again."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The provider accepted the call, with `sid` as its own id."""

    sid: str


@dataclass(frozen=True, slots=True)
class PlaceFailed:
    """The provider refused the call; `how` is the ending."""

    how: Ending


@dataclass(frozen=True, slots=True)
class Adopted:
    """A signed callback names the session: the call exists, even if our request seemed to fail."""

    sid: str


@dataclass(frozen=True, slots=True)
class PickedUp:
    """A person or a machine answered the call."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: str


@dataclass(frozen=True, slots=True)
class NothingPressed:
    """The prompt for the hash key timed out without a key."""


@dataclass(frozen=True, slots=True)
class CodeHeard:
    """Input for the code. `matches`: None if it did not have as many digits as a code."""

    matches: bool | None
    attempts: Attempts
    """Attempts of the session's person and number, read when the code is checked."""
    in_use: bool = False
    """The number is bound to another account; revealed only to a person who enters the code."""


@dataclass(frozen=True, slots=True)
class MessageReached:
    """A delivery report for a code message."""

    reached: Reached


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call ended, or the message will never be delivered; `how` is the reason."""

    how: Ending


@dataclass(frozen=True, slots=True)
class TimePassed:
    """A timer fired: check whether the session timed out."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Cancelled by the person, by a change of number, or by an erasure."""


Placement: TypeAlias = Claimed | Deferred | Placed | PlaceFailed | Adopted
Dialogue: TypeAlias = PickedUp | KeyPressed | NothingPressed | CodeHeard
"""Events for which the provider waits for a prompt."""

CallEvent: TypeAlias = Placement | Dialogue | MessageReached | HungUp | TimePassed | Cancelled
