"""Transitions of a call session: into another phase, or to its end."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from state.model.channel import AwaitingTyped
from state.model.ledger import LedgerEntry
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Ending,
    Farewell,
    Phase,
    Placing,
    Prompt,
    Queued,
    Verification,
    Verified,
)
from state.policy import VerificationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """The result of an event: the new verification, and what to say and record."""

    verification: Verification
    prompt: Prompt | None = None
    """Set only if the provider waits for a prompt."""
    wrong_code: LedgerEntry | None = None
    """Ledger entry for a wrong code that counts as an attempt."""


def ask(verification: Verification, session: CallSession, phase: Phase, say: Prompt) -> Advanced:
    """Move to `phase` and ask a question; the reply to it is the next turn of the dialogue."""
    moved = replace(session, phase=phase, turn=session.turn + 1)
    return Advanced(verification=replace(verification, session=moved), prompt=say)


def end(
    verification: Verification,
    session: CallSession,
    how: Ending,
    *,
    at: datetime,
    say: bool,
    proved: Verified | None = None,
) -> Advanced:
    """End the session. `proved`: set if the code was right; `say`: whether a farewell is said."""
    over = replace(session, phase=Ended(how, at))
    return Advanced(
        verification=replace(verification, session=over, proved=proved or verification.proved),
        prompt=Farewell(how) if say else None,
    )


def phase_ends_at(phase: Phase, *, policy: VerificationPolicy) -> datetime | None:
    """When a phase times out, apart from the expiry of the code; None: never."""
    match phase:
        case Placing(since):
            return since + policy.place_timeout
        case Closing(since):
            return since + policy.hang_up_grace
        case Queued() | Dialing() | AwaitingAck() | AwaitingCode() | AwaitingTyped() | Ended():
            return None
        case _:
            assert_never(phase)


def overdue(session: CallSession, *, now: datetime, policy: VerificationPolicy) -> Ending | None:
    """How an active session must end because it timed out; None if it did not."""
    if now >= session.expires_at:
        return Ending.EXPIRED
    ends_at = phase_ends_at(session.phase, policy=policy)
    if ends_at is None or now < ends_at:
        return None
    return Ending.PROVIDER_FAILED if isinstance(session.phase, Placing) else Ending.ABANDONED
