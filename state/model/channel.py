"""Channels for a verification code: a phone call, or a message to the number's Telegram."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Channel(StrEnum):
    """How a verification code is checked against a number."""

    CALL = "call"
    """The chat shows the code; the person enters it during a call to the number."""
    GATEWAY = "telegram_gateway"
    """Telegram sends the code to the number's own account; the person types it into this chat."""


class Reached(IntEnum):
    """Delivery status of a code message. Reports come in any order; the status never goes back."""

    SENT = 0
    DELIVERED = 1
    READ = 2


@dataclass(frozen=True, slots=True)
class AwaitingTyped:
    """Call phase: the code was sent to the number's Telegram and must be typed into this chat."""

    reached: Reached = Reached.SENT
