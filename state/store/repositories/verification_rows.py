"""Mapping of verifications and call sessions to columns; a phase is a kind and its fields."""

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
    NumberKey,
    PersonKey,
    Phase,
    Placing,
    Queued,
    SessionId,
    Verified,
)
from state.store.sql.transaction import AnyRow
from state.store.sql.types import reading_row
from state.store.tables.calls import PhaseKind

NO_PHASE: Final = dict.fromkeys(
    ("since", "silences", "reprompts", "reached", "ending", "ended_at")
)


def proved_columns(proved: Verified | None) -> dict[str, Any]:
    if proved is None:
        return {"verified_at": None, "verified_key": None}
    return {"verified_at": proved.at, "verified_key": proved.number_key}


def to_proved(row: AnyRow) -> Verified | None:
    if row.verified_at is None:
        return None
    return Verified(row.verified_at, NumberKey(row.verified_key))


def phase_columns(phase: Phase) -> dict[str, Any]:
    """All columns of a phase, so that values of the previous phase are cleared."""
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
    """The columns of a call session that change; the others are written once."""
    return {
        "provider_sid": session.provider_sid,
        "turn": session.turn,
        **phase_columns(session.phase),
    }


def new_session_columns(session: CallSession) -> dict[str, Any]:
    return {
        "id": session.id,
        "freelancer_id": session.freelancer_id,
        "person_key": session.person_key,
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
            person_key=PersonKey(row.person_key),
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
