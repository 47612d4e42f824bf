"""Attempts: which wrong codes count, what is left, and until when a lock holds.

Three wrong codes in any window as long as a lock, for a person and for a number. What is counted
comes from the ledger; calls, codes, numbers, chats and erasure change nothing in it.
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
    """Count a ledger's entries; those about others, and of other kinds, are passed over."""
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
    found: Attempts, *, now: datetime, policy: VerificationPolicy
) -> datetime | None:
    """The end of a lock that holds now; at that very moment it is over."""
    return _locked(found.person_locked_until, found.of_person, now, policy)


def number_locked_until(
    found: Attempts, *, now: datetime, policy: VerificationPolicy
) -> datetime | None:
    """As for a person; it holds for everybody who tries the number."""
    return _locked(found.number_locked_until, found.at_number, now, policy)


def _locked(
    until: datetime | None,
    wrong_at: tuple[datetime, ...],
    now: datetime,
    policy: VerificationPolicy,
) -> datetime | None:
    """Also where a policy that allows fewer attempts than before finds them used up."""
    ends = [] if until is None else [until]
    if len(wrong_at) >= policy.attempts:
        ends.append(wrong_at[-policy.attempts] + policy.lock)
    return max((end for end in ends if now < end), default=None)


def locked_until(found: Attempts, *, now: datetime, policy: VerificationPolicy) -> datetime | None:
    """Of the person or of the number, whichever holds longer."""
    ends = (
        person_locked_until(found, now=now, policy=policy),
        number_locked_until(found, now=now, policy=policy),
    )
    return max((end for end in ends if end is not None), default=None)


def tries_left(found: Attempts, *, now: datetime, policy: VerificationPolicy) -> int:
    if locked_until(found, now=now, policy=policy) is not None:
        return 0
    used = max(len(found.of_person), len(found.at_number))
    return max(0, policy.attempts - used)


def after_wrong_code(found: Attempts, *, now: datetime, policy: VerificationPolicy) -> Attempts:
    """Count one more; the last of either count locks both person and number."""
    counted = replace(found, of_person=(*found.of_person, now), at_number=(*found.at_number, now))
    if tries_left(counted, now=now, policy=policy) > 0:
        return counted
    until = now + policy.lock
    return replace(counted, person_locked_until=until, number_locked_until=until)


def round_of(
    proved: Verified | None, found: Attempts, *, now: datetime, policy: VerificationPolicy
) -> Round:
    """Where a person stands. What was proved stays proved, though another number locked them."""
    if proved is not None:
        return proved
    until = person_locked_until(found, now=now, policy=policy)
    return Open(found.of_person) if until is None else LockedOut(until)
