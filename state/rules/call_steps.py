"""The steps a call session can take: into another phase, or to its end."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.verification import (
    CallSession,
    Closing,
    Ended,
    Ending,
    Farewell,
    Phase,
    Placing,
    Prompt,
    Round,
    Verification,
)
from state.policy import VerificationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What an event made of a verification; `prompt` only where the provider waits for one."""

    verification: Verification
    prompt: Prompt | None = None


def asked(verification: Verification, session: CallSession, phase: Phase, say: Prompt) -> Advanced:
    """Ask the next question of the dialogue. Its answer is a turn of its own."""
    moved = replace(session, phase=phase, turn=session.turn + 1)
    return Advanced(verification=replace(verification, session=moved), prompt=say)


def ended(
    verification: Verification,
    session: CallSession,
    how: Ending,
    *,
    at: datetime,
    say: bool,
    found: Round | None = None,
) -> Advanced:
    """End the session; `found` is the round that comes of it, if it changed."""
    over = replace(session, phase=Ended(how, at))
    return Advanced(
        verification=replace(verification, session=over, round=found or verification.round),
        prompt=Farewell(how) if say else None,
    )


def overdue(session: CallSession, *, now: datetime, policy: VerificationPolicy) -> Ending | None:
    """How an active session has to end because time ran out, if it did."""
    if now >= session.expires_at:
        return Ending.EXPIRED
    match session.phase:
        case Placing(since) if now >= since + policy.place_timeout:
            return Ending.PROVIDER_FAILED
        case Closing(since) if now >= since + policy.hang_up_grace:
            return Ending.ABANDONED
        case _:
            return None
