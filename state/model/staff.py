"""The people who answer, and whom they may keep out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.chat import ChatId

StaffId = NewType("StaffId", int)
"""Telegram's id of the person, which is the same in the group and in the browser."""


class Role(StrEnum):
    AGENT = "agent"
    """Answers, notes, bans."""
    LEAD = "lead"
    """Also lets go of, and closes, what somebody else has taken; corrects accounts."""
    ADMIN = "admin"
    """Also says who is staff."""

    def covers(self, other: "Role") -> bool:
        ranks = tuple(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    id: StaffId
    role: Role
    name: str = ""
    """As Telegram has it; "" until they were seen."""
    added_at: datetime | None = None
    """None: by the settings."""
    gone_at: datetime | None = None
    """Taken off the list; the name stays for the talks they were in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A chat that reaches no person any more; the bot still answers it."""

    chat_id: ChatId
    reason: str
    by: StaffId
    at: datetime
