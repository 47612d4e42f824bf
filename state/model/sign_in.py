"""Sign-in of staff to the web pages: sign-in links and browser sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from state.model.staff import StaffId


class Way(StrEnum):
    """How a member of staff authenticated."""

    TELEGRAM = "telegram"
    """Telegram Login."""
    LINK = "link"
    """A single-use link from the bot or from the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A single-use sign-in link for one member of staff. The token is stored as a hash."""

    token_hash: str
    staff_id: StaffId
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """A browser session of a member of staff. Its secret is stored as a hash."""

    secret_hash: str
    staff_id: StaffId
    way: Way
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
