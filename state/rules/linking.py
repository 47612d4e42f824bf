"""Offers that tie a chat to a freelancer: single use, and only for minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from state.model.account import FreelancerId
from state.model.chat import LinkOffer
from state.rules.codes import secret_hash, typed_code

LIFETIME = timedelta(minutes=10)


class LinkProblem(StrEnum):
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True)
class LinkRefused:
    why: LinkProblem


def offer(freelancer_id: FreelancerId, *, token: str, code: str, now: datetime) -> LinkOffer:
    return LinkOffer(
        freelancer_id=freelancer_id,
        token_hash=secret_hash(token),
        code_hash=secret_hash(typed_code(code)),
        expires_at=now + LIFETIME,
    )


def usable(found: LinkOffer | None, *, now: datetime) -> LinkOffer | LinkRefused:
    if found is None:
        return LinkRefused(LinkProblem.UNKNOWN)
    if found.used_at is not None:
        return LinkRefused(LinkProblem.USED)
    return LinkRefused(LinkProblem.EXPIRED) if now >= found.expires_at else found


def masked_name(name: str | None) -> str | None:
    """First letter only, "A••": the owner knows it, a stranger with the link learns nothing."""
    stripped = (name or "").strip()
    return f"{stripped[0]}••" if stripped else None
