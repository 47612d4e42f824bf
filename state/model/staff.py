"""Staff members, their roles, and bans."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.chat import ChatId

StaffId = NewType("StaffId", int)
"""Telegram user id, the same in the staff group and in Telegram Login."""


class Role(StrEnum):
    """Roles of staff, in ascending order; each has the rights of those before it."""

    AGENT = "agent"
    """Answers tickets, writes notes, bans chats."""
    LEAD = "lead"
    """Also releases and closes tickets held by others, and corrects accounts."""
    ADMIN = "admin"
    """Also manages the list of staff."""

    def covers(self, other: "Role") -> bool:
        ranks = tuple(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff."""

    id: StaffId
    role: Role
    name: str = ""
    """Name in Telegram; "" until they were first seen."""
    added_at: datetime | None = None
    """None: listed in the settings."""
    gone_at: datetime | None = None
    """When they were removed from the list; the name is kept for their old tickets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A ban: the chat cannot be handed over to staff; the bot itself still answers it."""

    chat_id: ChatId
    reason: str
    by: StaffId
    at: datetime
