"""Rounds and call sessions as columns, and back: one state is one kind plus its own fields."""

from typing import Any, Final, assert_never

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped, Channel, Reached
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Ending,
    LockedOut,
    NumberKey,
    Open,
    Phase,
    Placing,
    Queued,
    Round,
    SessionId,
    Verified,
)
from state.store.rows import reading_row
from state.store.tables.calls import PhaseKind, RoundKind
from state.store.transaction import AnyRow

NO_ROUND: Final = dict.fromkeys(("wrong_at", "locked_until", "verified_at", "verified_key"))
NO_PHASE: Final = dict.fromkeys(
    ("since", "silences", "reprompts", "reached", "ending", "ended_at")
)


def round_columns(state: Round) -> dict[str, Any]:
    """Every column of a round, so that what an earlier state left is cleared."""
    match state:
        case Open(wrong_at):
            columns: dict[str, Any] = {"kind": RoundKind.OPEN.value, "wrong_at": wrong_at}
        case LockedOut(until):
            columns = {"kind": RoundKind.LOCKED.value, "locked_until": until}
        case Verified(at, number_key):
            columns = {
                "kind": RoundKind.VERIFIED.value,
                "verified_at": at,
                "verified_key": number_key,
            }
        case _:
            assert_never(state)
    return NO_ROUND | columns


def to_round(row: AnyRow) -> Round:
    with reading_row("verification_round", row.freelancer_id):
        kind = RoundKind(row.kind)
    match kind:
        case RoundKind.OPEN:
            return Open(row.wrong_at)
        case RoundKind.LOCKED:
            return LockedOut(row.locked_until)
        case RoundKind.VERIFIED:
            return Verified(row.verified_at, NumberKey(row.verified_key))
        case _:
            assert_never(kind)


def phase_columns(phase: Phase) -> dict[str, Any]:
    """Every column of a phase, so that what an earlier one left is cleared."""
    match phase:
        case Queued():
            columns: dict[str, Any] = {"phase": PhaseKind.QUEUED.value}
        case Placing(since):
            columns = {"phase": PhaseKind.PLACING.value, "since": since}
        case Dialing():
            columns = {"phase": PhaseKind.DIALING.value}
        case AwaitingAck(silences):
            columns = {"phase": PhaseKind.AWAITING_ACK.value, "silences": silences}
        case AwaitingCode(reprompts):
            columns = {"phase": PhaseKind.AWAITING_CODE.value, "reprompts": reprompts}
        case AwaitingTyped(reached):
            columns = {"phase": PhaseKind.AWAITING_TYPED.value, "reached": int(reached)}
        case Closing(since):
            columns = {"phase": PhaseKind.CLOSING.value, "since": since}
        case Ended(how, at):
            columns = {"phase": PhaseKind.ENDED.value, "ending": how.value, "ended_at": at}
        case _:
            assert_never(phase)
    return NO_PHASE | columns


def _to_phase(row: AnyRow) -> Phase:
    kind = PhaseKind(row.phase)
    phase: Phase
    match kind:
        case PhaseKind.QUEUED:
            phase = Queued()
        case PhaseKind.PLACING:
            phase = Placing(row.since)
        case PhaseKind.DIALING:
            phase = Dialing()
        case PhaseKind.AWAITING_ACK:
            phase = AwaitingAck(row.silences)
        case PhaseKind.AWAITING_CODE:
            phase = AwaitingCode(row.reprompts)
        case PhaseKind.AWAITING_TYPED:
            phase = AwaitingTyped(Reached(row.reached))
        case PhaseKind.CLOSING:
            phase = Closing(row.since)
        case PhaseKind.ENDED:
            phase = Ended(Ending(row.ending), row.ended_at)
        case _:
            assert_never(kind)
    return phase


def session_columns(session: CallSession) -> dict[str, Any]:
    """What a call changes in the course of time; the rest is written once."""
    return {
        "provider_sid": session.provider_sid,
        "turn": session.turn,
        **phase_columns(session.phase),
    }


def new_session_columns(session: CallSession) -> dict[str, Any]:
    return {
        "id": session.id,
        "freelancer_id": session.freelancer_id,
        "number": session.number,
        "number_key": session.number_key,
        "seed": session.seed,
        "pepper_id": session.pepper_id,
        "opened_at": session.opened_at,
        "expires_at": session.expires_at,
        "channel": session.channel.value,
        "region": session.region,
        **session_columns(session),
    }


def to_session(row: AnyRow) -> CallSession:
    with reading_row("call_session", row.id):
        return CallSession(
            id=SessionId(row.id),
            freelancer_id=FreelancerId(row.freelancer_id),
            number=row.number,
            number_key=NumberKey(row.number_key),
            seed=row.seed,
            pepper_id=row.pepper_id,
            opened_at=row.opened_at,
            expires_at=row.expires_at,
            phase=_to_phase(row),
            channel=Channel(row.channel),
            region=row.region,
            provider_sid=row.provider_sid,
            turn=row.turn,
        )
