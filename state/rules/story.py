"""A round told again from its audit trail: the lines alone must give the round that is stored."""

from collections.abc import Iterable
from datetime import datetime

from state.model.verification import NumberKey, Open, Round, Verified
from state.policy import VerificationPolicy
from state.rules.rounds import after_wrong_code, wrong_so_far

PROVED = frozenset({"call.verified", "verification.set", "verification.contact"})
NOT_TOLD = NumberKey("")
"""The trail knows no number, and so not which one was verified."""


def replayed(lines: Iterable[tuple[datetime, str]], *, policy: VerificationPolicy) -> Round:
    """Of moments and kinds, oldest first."""
    found: Round = Open()
    for at, kind in lines:
        if kind == "call.requested":
            found = Open(wrong_so_far(found, now=at, policy=policy))
        elif kind == "call.wrong_code":
            found = after_wrong_code(found, now=at, policy=policy)
        elif kind in PROVED:
            found = Verified(at, NOT_TOLD)
        elif kind == "verification.cleared":
            found = Open()
    return found


def agree(told: Round, stored: Round) -> bool:
    """A round of an earlier number, that a new call has closed, leaves nothing to compare."""
    if isinstance(stored, Verified):
        return told == Verified(stored.at, NOT_TOLD)
    return told == stored
