"""How a code and a number come together: by a call, or by a message to the number's Telegram."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Channel(StrEnum):
    CALL = "call"
    """The chat shows the code, the call takes it."""
    GATEWAY = "telegram_gateway"
    """Telegram brings the code to the number's own account, this chat takes it."""


class Reached(IntEnum):
    """How far a message with a code came; reports arrive in any order, and it never goes back."""

    SENT = 0
    DELIVERED = 1
    READ = 2


@dataclass(frozen=True, slots=True)
class AwaitingTyped:
    """The code is on its way to the number's Telegram; it is to be typed into this chat."""

    reached: Reached = Reached.SENT
