"""Who of the staff may do what on the pages."""

from enum import StrEnum

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
