"""A Telegram conversation, and what the bot expects to hear in it next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.account import FreelancerId

ChatId = NewType("ChatId", int)


class Awaiting(StrEnum):
    """What a plain message would be taken for; anything that does not fit is a question."""

    NOTHING = "nothing"
    NUMBER = "number"
    """The person tapped "edit number"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Nothing is stored for a chat until it is linked or told us something worth keeping."""

    id: ChatId
    freelancer_id: FreelancerId | None = None
    linked_at: datetime | None = None
    awaiting: Awaiting = Awaiting.NOTHING
    language: str | None = None
    """Chosen by the person; `None` follows their Telegram client."""
    blocked_at: datetime | None = None
    """When Telegram told us that the person blocked the bot."""
    nudge_at: datetime | None = None
    """When they are told next what is left to do; `None`: they didn't ask for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOffer:
    """A single-use way to tie a chat to a freelancer. Token and code are hashed at rest."""

    freelancer_id: FreelancerId
    token_hash: str
    code_hash: str
    expires_at: datetime
    used_at: datetime | None = None
