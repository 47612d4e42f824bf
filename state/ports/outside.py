"""Clock and randomness, injected so that tests control them."""

from datetime import datetime
from typing import Protocol

from state.model.verification import SessionId


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time in UTC (aware), never earlier than one returned before."""
        ...

    def is_steady(self) -> bool:
        """False while the computer's clock has jumped, by a person's action or a fault."""
        ...


class Dice(Protocol):
    """Random ids and secrets, from a cryptographic source."""

    def session_id(self) -> SessionId: ...

    def seed(self) -> bytes:
        """16 random bytes."""
        ...

    def link_token(self) -> str:
        """At most 64 characters of `[A-Za-z0-9_-]`, the limit of a Telegram deep link."""
        ...

    def link_code(self) -> str:
        """A short code for typing, without look-alike characters."""
        ...
