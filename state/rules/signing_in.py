"""Ways into the staff pages: a link for minutes and for once, a visit for hours."""

from datetime import datetime, timedelta
from enum import StrEnum

from state.model.sign_in import SignInLink, Visit

LINK_LIFETIME = timedelta(minutes=5)
IDLE = timedelta(hours=8)
"""A visit ends when nobody did anything for so long,"""
LONGEST = timedelta(days=7)
"""and in any case after that."""
SEEN_EVERY = timedelta(minutes=1)
"""No need to write down each click."""


class SignInProblem(StrEnum):
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    NOT_STAFF = "not_staff"


def link_problem(found: SignInLink | None, *, now: datetime) -> SignInProblem | None:
    """None: it lets in."""
    if found is None:
        return SignInProblem.UNKNOWN
    if found.used_at is not None:
        return SignInProblem.USED
    return SignInProblem.EXPIRED if now >= found.expires_at else None


def goes_on(visit: Visit, *, now: datetime) -> bool:
    ends_at = min(visit.seen_at + IDLE, visit.began_at + LONGEST)
    return visit.ended_at is None and now < ends_at
