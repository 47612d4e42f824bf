"""A Telegram chat, its link to a freelancer, and the input the bot expects in it next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.account import FreelancerId

ChatId = NewType("ChatId", int)


class Awaiting(StrEnum):
    """How a plain text message is read next; what does not fit is treated as a question."""

    NOTHING = "nothing"
    NUMBER = "number"
    """The next message is a phone number: the person tapped "edit number"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A Telegram chat. Stored only once it is linked or has a setting of its own."""

    id: ChatId
    freelancer_id: FreelancerId | None = None
    linked_at: datetime | None = None
    awaiting: Awaiting = Awaiting.NOTHING
    language: str | None = None
    """Chosen by the person; None: the language of their Telegram client."""
    blocked_at: datetime | None = None
    """When Telegram reported that the person blocked the bot."""
    nudge_at: datetime | None = None
    """When the next reminder of unfinished steps is due; None if the person asked for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOffer:
    """A single-use offer to link a chat to a freelancer. Token and code are stored as hashes."""

    freelancer_id: FreelancerId
    token_hash: str
    code_hash: str
    expires_at: datetime
    used_at: datetime | None = None
