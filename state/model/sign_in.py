"""How staff come into the pages, and how long they stay there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from state.model.staff import StaffId


class Way(StrEnum):
    """How somebody proved who they are."""

    TELEGRAM = "telegram"
    """Telegram Login."""
    LINK = "link"
    """A link from the bot, or from the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """Lets one member of the staff in, once. The token is hashed at rest."""

    token_hash: str
    staff_id: StaffId
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One browser that somebody signed in with. Its secret is hashed at rest."""

    secret_hash: str
    staff_id: StaffId
    way: Way
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
