"""A round of attempts: what counts, what is left, and whether it is closed."""

from datetime import datetime
from typing import assert_never

from state.model.verification import LockedOut, Open, Round, Verified
from state.policy import VerificationPolicy


def wrong_so_far(
    found: Round, *, now: datetime, policy: VerificationPolicy
) -> tuple[datetime, ...]:
    """The wrong codes that still count.

    Calls, codes, numbers and chats change nothing here. A round is closed by success, by the end
    of its lock, or when no further code was wrong for as long as a lock lasts.
    """
    match found:
        case Open(wrong_at):
            return wrong_at if wrong_at and now < wrong_at[-1] + policy.lock else ()
        case LockedOut() | Verified():
            return ()
        case _:
            assert_never(found)


def tries_left(found: Round, *, now: datetime, policy: VerificationPolicy) -> int:
    if locked_until(found, now=now) is not None:
        return 0
    return policy.attempts - len(wrong_so_far(found, now=now, policy=policy))


def locked_until(found: Round, *, now: datetime) -> datetime | None:
    """The end of a lock that holds now; at that very moment it is over."""
    return found.until if isinstance(found, LockedOut) and now < found.until else None


def after_wrong_code(found: Round, *, now: datetime, policy: VerificationPolicy) -> Round:
    wrong_at = (*wrong_so_far(found, now=now, policy=policy), now)
    return LockedOut(now + policy.lock) if len(wrong_at) >= policy.attempts else Open(wrong_at)
