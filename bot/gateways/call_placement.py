"""What came of asking a provider for a call, or for a message with a code."""

from dataclasses import dataclass
from typing import TypeAlias

from state.model.verification import Ending


@dataclass(frozen=True, slots=True)
class Accepted:
    sid: str
    """The provider's own id of it."""


@dataclass(frozen=True, slots=True)
class NotPlaced:
    how: Ending
    detail: str
    """For the log and the operator; holds no number."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Nothing was created; the same request may be made later."""

    seconds: int | None = None
    """As the provider asked; None: it did not say."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No answer: it may or may not have been created, so it is never asked for again."""


PlacementResult: TypeAlias = Accepted | NotPlaced | Throttled | NotKnown
