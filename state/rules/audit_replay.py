"""Recompute attempts from the audit trail, to check that it agrees with the ledger."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.ledger import LedgerEntry, LedgerKind
from state.policy import VerificationPolicy

PROVED = frozenset({"call.verified", "verification.set", "verification.contact"})
WRONG = "call.wrong_code"
MASKED = re.compile(r"(?:\+[0-9]{1,3} )?…(?: [0-9]{2})?")


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the audit trail about a verification."""

    at: datetime
    kind: str
    detail: str
    """Starts with the masked number concerned."""


@dataclass(frozen=True, slots=True)
class ReplayedState:
    """The state that the audit trail alone gives."""

    wrong_at: tuple[datetime, ...] = ()
    """The wrong codes that count, oldest first."""
    verified_at: datetime | None = None


def replay(
    lines: Iterable[TrailLine], *, now: datetime, policy: VerificationPolicy
) -> ReplayedState:
    """Replay one person's lines, oldest first; a success clears the wrong codes at its number."""
    wrong: list[TrailLine] = []
    verified_at: datetime | None = None
    for line in lines:
        if line.kind == WRONG:
            wrong.append(line)
        elif line.kind in PROVED:
            verified_at = line.at
            wrong = [one for one in wrong if _number(one) != _number(line)]
        elif line.kind in {"call.requested", "verification.cleared"}:
            verified_at = None
    counting = tuple(one.at for one in wrong if now < one.at + policy.lock)
    return ReplayedState(wrong_at=counting, verified_at=verified_at)


def replay_ledger(
    entries: Sequence[LedgerEntry],
    *,
    since: datetime | None,
    now: datetime,
    policy: VerificationPolicy,
) -> tuple[datetime, ...]:
    """Moments of wrong codes in a person's ledger, from the first line of their trail on.

    An erasure deletes the trail but not the ledger, so the ledger may know earlier ones.
    """
    return tuple(
        one.at
        for one in entries
        if one.kind is LedgerKind.WRONG_CODE
        and now < one.at + policy.lock
        and (since is None or one.at >= since)
    )


def _number(line: TrailLine) -> str:
    found = MASKED.match(line.detail)
    return "" if found is None else found[0]
