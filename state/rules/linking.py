"""Link offers, which tie a chat to a freelancer: single use, valid for minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from state.model.account import FreelancerId
from state.model.chat import ChatId, LinkOffer
from state.rules.codes import Peppers, code_hash, number_key, secret_hash, typed_code

LIFETIME = timedelta(minutes=10)
CODE_LETTERS = 8
"""Length of a short code. A token is far longer and cannot be guessed."""
GUESSES_OF_A_CHAT = 5
GUESSES_OF_ALL = 100
GUESSES_COUNT_FOR = timedelta(hours=1)


class LinkProblem(StrEnum):
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """The link offer cannot be used."""

    why: LinkProblem


@dataclass(frozen=True, slots=True)
class GuessingLocked:
    """Too many wrong codes: every code is refused until then, right or wrong."""

    until: datetime


def guesser_key(peppers: Peppers, chat_id: ChatId) -> str:
    """Keyed hash of a chat, under which its wrong codes are counted; it can't be reversed."""
    return number_key(peppers, f"chat {chat_id}")


def guessing_locked(latest: Sequence[datetime | None]) -> GuessingLocked | None:
    """The lock on guessing, if any. `latest`: per limit, the guess that used it up, or None."""
    spent = [moment for moment in latest if moment is not None]
    return GuessingLocked(max(spent) + GUESSES_COUNT_FOR) if spent else None


def is_short_code(secret: str) -> bool:
    """Whether a typed secret has the length of a short code; otherwise it is a token."""
    return len(typed_code(secret)) == CODE_LETTERS


def normalised_secret(secret: str) -> str:
    """A token or short code as it was issued, without changes made by typing."""
    return typed_code(secret) if is_short_code(secret) else secret.strip()


def make_offer(freelancer_id: FreelancerId, *, token: str, code: str, now: datetime) -> LinkOffer:
    """Make a link offer, which holds only hashes of token and code."""
    return LinkOffer(
        freelancer_id=freelancer_id,
        token_hash=secret_hash(token),
        code_hash=code_hash(typed_code(code)),
        expires_at=now + LIFETIME,
    )


def usable_offer(offer: LinkOffer | None, *, now: datetime) -> LinkOffer | LinkRefused:
    """The offer if it exists, is unused and has not expired."""
    if offer is None:
        return LinkRefused(LinkProblem.UNKNOWN)
    if offer.used_at is not None:
        return LinkRefused(LinkProblem.USED)
    return LinkRefused(LinkProblem.EXPIRED) if now >= offer.expires_at else offer


def masked_name(name: str | None) -> str | None:
    """First letter only, "A••": the owner recognises it, a stranger learns nothing."""
    stripped = (name or "").strip()
    return f"{stripped[0]}••" if stripped else None
