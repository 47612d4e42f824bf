"""Time and chance, which come in from the outside."""

from datetime import datetime
from typing import Protocol

from state.model.verification import SessionId


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC, never earlier than one given before."""
        ...

    def is_steady(self) -> bool:
        """False while somebody's hand, or a fault, has moved the computer's clock by far."""
        ...


class Dice(Protocol):
    """Identity and chance, from a cryptographic source."""

    def session_id(self) -> SessionId: ...

    def seed(self) -> bytes:
        """16 bytes."""
        ...

    def link_token(self) -> str:
        """At most 64 characters of `[A-Za-z0-9_-]`, as a deep link can carry."""
        ...

    def link_code(self) -> str:
        """Short enough to be typed, without look-alike characters."""
        ...
