"""Attempts: which wrong codes count, how many attempts are left, and until when a lock holds.

As many wrong codes as the policy allows (three) within one lock period lock both the person
and the number. They are counted from the ledger, which no call, chat or erasure changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from state.model.ledger import Attempts, LedgerEntry, LedgerKind
from state.model.verification import (
    LockedOut,
    NumberKey,
    Open,
    PersonKey,
    Round,
    Verified,
)
from state.policy import VerificationPolicy


def attempts(
    entries: Sequence[LedgerEntry],
    person: PersonKey,
    number: NumberKey | None,
    *,
    now: datetime,
    policy: VerificationPolicy,
) -> Attempts:
    """Evaluate ledger entries for one person and one number; all others are ignored."""
    wrong = [one for one in entries if one.kind is LedgerKind.WRONG_CODE]
    theirs = [one for one in wrong if one.person == person]
    there = [one for one in wrong if number is not None and one.number == number]
    return Attempts(
        of_person=_in_window(theirs, now, policy),
        at_number=_in_window(there, now, policy),
        person_locked_until=_lock(theirs),
        number_locked_until=_lock(there),
    )


def _in_window(
    wrong: Iterable[LedgerEntry], now: datetime, policy: VerificationPolicy
) -> tuple[datetime, ...]:
    return tuple(one.at for one in wrong if now < one.at + policy.lock)


def _lock(wrong: Iterable[LedgerEntry]) -> datetime | None:
    return max((one.locked_until for one in wrong if one.locked_until), default=None)


def person_locked_until(
    attempts: Attempts, *, now: datetime, policy: VerificationPolicy
) -> datetime | None:
    """End of the person's lock if it holds now, else None; it no longer holds at its end."""
    return _locked(attempts.person_locked_until, attempts.of_person, now, policy)


def number_locked_until(
    attempts: Attempts, *, now: datetime, policy: VerificationPolicy
) -> datetime | None:
    """End of the number's lock if it holds now, else None; it applies to everybody."""
    return _locked(attempts.number_locked_until, attempts.at_number, now, policy)


def _locked(
    until: datetime | None,
    wrong_at: tuple[datetime, ...],
    now: datetime,
    policy: VerificationPolicy,
) -> datetime | None:
    """Consider a stricter policy too: attempts may be used up without a recorded lock."""
    ends = [] if until is None else [until]
    if len(wrong_at) >= policy.attempts:
        ends.append(wrong_at[-policy.attempts] + policy.lock)
    return max((end for end in ends if now < end), default=None)


def locked_until(
    attempts: Attempts, *, now: datetime, policy: VerificationPolicy
) -> datetime | None:
    """End of the person's or the number's lock, whichever is later; None if neither holds."""
    ends = (
        person_locked_until(attempts, now=now, policy=policy),
        number_locked_until(attempts, now=now, policy=policy),
    )
    return max((end for end in ends if end is not None), default=None)


def tries_left(attempts: Attempts, *, now: datetime, policy: VerificationPolicy) -> int:
    """Attempts left for the person at this number: the lower of the two counts."""
    if locked_until(attempts, now=now, policy=policy) is not None:
        return 0
    used = max(len(attempts.of_person), len(attempts.at_number))
    return max(0, policy.attempts - used)


def after_wrong_code(attempts: Attempts, *, now: datetime, policy: VerificationPolicy) -> Attempts:
    """Count one more wrong code; if no attempt is left, person and number are locked."""
    counted = replace(
        attempts, of_person=(*attempts.of_person, now), at_number=(*attempts.at_number, now)
    )
    if tries_left(counted, now=now, policy=policy) > 0:
        return counted
    until = now + policy.lock
    return replace(counted, person_locked_until=until, number_locked_until=until)


def round_of(
    proved: Verified | None, attempts: Attempts, *, now: datetime, policy: VerificationPolicy
) -> Round:
    """The state of a person's round. A proof outlasts a lock caused by another number."""
    if proved is not None:
        return proved
    until = person_locked_until(attempts, now=now, policy=policy)
    return Open(attempts.of_person) if until is None else LockedOut(until)
