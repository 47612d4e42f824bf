"""Who of the staff may do what on the pages."""

from datetime import datetime, timedelta
from enum import StrEnum

from state.model.sign_in import SignInLink, Visit
from state.model.staff import Role


class Right(StrEnum):
    TALK = "talk"
    """See talks, take them, answer, note, close one's own."""
    READ = "read"
    """See a freelancer's page, the gaps and the figures."""
    WRITE = "write"
    """Write phrasings and drafts of articles."""
    CORRECT = "correct"
    """Put steps and verifications right, unlock."""
    INSPECT = "inspect"
    """Read the audit log."""
    APPOINT = "appoint"
    """Say who is staff, and sign others out."""


LEAST = {
    Right.TALK: Role.AGENT,
    Right.READ: Role.AGENT,
    Right.WRITE: Role.AGENT,
    Right.CORRECT: Role.LEAD,
    Right.INSPECT: Role.LEAD,
    Right.APPOINT: Role.ADMIN,
}
"""Who is ranked higher may do it too."""


def may(role: Role, right: Right) -> bool:
    return role.covers(LEAST[right])


def rights(role: Role) -> frozenset[Right]:
    return frozenset(right for right in Right if may(role, right))


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
