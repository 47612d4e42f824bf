"""Access rights of staff on the web pages, and the lifetimes of links and sessions."""

from datetime import datetime, timedelta
from enum import StrEnum

from state.model.sign_in import SignInLink, StaffSession
from state.model.staff import Role


class Right(StrEnum):
    """What a member of staff may do on the web pages."""

    TALK = "talk"
    """See tickets, take them, answer, write notes, close one's own."""
    READ = "read"
    """See a freelancer's page, the gaps and the statistics."""
    WRITE = "write"
    """Write phrasings and article drafts."""
    CORRECT = "correct"
    """Correct steps and verifications, remove locks."""
    INSPECT = "inspect"
    """Read the audit log."""
    APPOINT = "appoint"
    """Manage the staff list, sign others out."""


LEAST = {
    Right.TALK: Role.AGENT,
    Right.READ: Role.AGENT,
    Right.WRITE: Role.AGENT,
    Right.CORRECT: Role.LEAD,
    Right.INSPECT: Role.LEAD,
    Right.APPOINT: Role.ADMIN,
}
"""Lowest role that has the right; higher roles have it too."""


def may(role: Role, right: Right) -> bool:
    return role.covers(LEAST[right])


def rights(role: Role) -> frozenset[Right]:
    return frozenset(right for right in Right if may(role, right))


LINK_LIFETIME = timedelta(minutes=5)
IDLE = timedelta(hours=8)
"""A session ends after so long without activity."""
LONGEST = timedelta(days=7)
"""A session ends after so long in any case."""
SEEN_EVERY = timedelta(minutes=1)
"""Activity is recorded at most so often."""


class SignInProblem(StrEnum):
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    NOT_STAFF = "not_staff"


def link_problem(link: SignInLink | None, *, now: datetime) -> SignInProblem | None:
    """Why a sign-in link is refused; None: it is valid."""
    if link is None:
        return SignInProblem.UNKNOWN
    if link.used_at is not None:
        return SignInProblem.USED
    return SignInProblem.EXPIRED if now >= link.expires_at else None


def is_active(visit: StaffSession, *, now: datetime) -> bool:
    """Whether a browser session is still valid."""
    ends_at = min(visit.seen_at + IDLE, visit.began_at + LONGEST)
    return visit.ended_at is None and now < ends_at
