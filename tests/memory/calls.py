"""In-memory verifications, with the version check and the unique constraints of the real store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from state.model.account import FreelancerId
from state.model.destination import BLOCK_DIGITS, Destination
from state.model.verification import (
    CallHistory,
    CallSession,
    Ended,
    Ending,
    LockedOut,
    NumberKey,
    SessionId,
    Verification,
)
from state.ports import StaleStateError
from tests.memory.tables import RoundRow, Tables

DAY = timedelta(hours=24)
NEVER_RANG = {
    Ending.PROVIDER_FAILED,
    Ending.MISCONFIGURED,
    Ending.NUMBER_REJECTED,
    Ending.NOT_SERVED,
    Ending.NOT_DELIVERED,
}


def _active(session: CallSession) -> bool:
    return not isinstance(session.phase, Ended)


def _counts(session: CallSession, now: datetime) -> bool:
    free = isinstance(session.phase, Ended) and session.phase.how in NEVER_RANG
    return not free and session.opened_at > now - DAY


def _tally(name: str, calls: list[CallSession]) -> dict[str, Any]:
    oldest = min((s.opened_at for s in calls), default=None)
    ends_at = None if oldest is None else oldest + DAY
    return {f"{name}_calls": len(calls), f"{name}_window_ends_at": ends_at}


@dataclass(frozen=True, slots=True)
class MemoryVerifications:
    tables: Tables

    async def load(self, freelancer_id: FreelancerId) -> Verification:
        own = [s for s in self.tables.sessions.values() if s.freelancer_id == freelancer_id]
        stored = self.tables.rounds.get(freelancer_id)
        if stored is None:
            return Verification(freelancer_id=freelancer_id)
        return Verification(
            freelancer_id=freelancer_id,
            round=stored.round,
            session=own[-1] if own else None,
            version=stored.version,
        )

    async def of_session(self, session_id: SessionId) -> Verification | None:
        session = self.tables.sessions.get(session_id)
        if session is None:
            return None
        return replace(await self.load(session.freelancer_id), session=session)

    async def save(self, verification: Verification) -> None:
        stored = self.tables.rounds.get(verification.freelancer_id)
        if (0 if stored is None else stored.version) != verification.version:
            raise StaleStateError(f"verification of {verification.freelancer_id}")
        if verification.session is not None:
            self._keep(verification.session)
            self._lock_number(verification, verification.session, stored)
        self.tables.rounds[verification.freelancer_id] = RoundRow(
            round=verification.round, version=verification.version + 1
        )

    def _keep(self, session: CallSession) -> None:
        rivals = [
            other
            for other in self.tables.sessions.values()
            if other.id != session.id
            and _active(other)
            and session.freelancer_id == other.freelancer_id
        ] + [
            other
            for other in self.tables.sessions.values()
            if other.id != session.id and _active(other) and session.number_key == other.number_key
        ]
        if rivals and _active(session):
            raise StaleStateError("a call of this freelancer or to this number is in course")
        self.tables.sessions[session.id] = session

    def _lock_number(
        self, verification: Verification, session: CallSession, stored: RoundRow | None
    ) -> None:
        became = stored is None or stored.round != verification.round
        if became and isinstance(verification.round, LockedOut):
            self.tables.number_locks[session.number_key] = verification.round.until

    async def history(
        self, freelancer_id: FreelancerId, to: Destination, now: datetime
    ) -> CallHistory:
        number_key = to.key
        sessions = self.tables.sessions.values()
        calls = sorted((s for s in sessions if _counts(s, now)), key=lambda s: s.opened_at)
        to_number = tuple(s.opened_at for s in calls if s.number_key == number_key)
        own = tuple(s.opened_at for s in calls if s.freelancer_id == freelancer_id)
        lock = self.tables.number_locks.get(number_key)
        return CallHistory(
            last_call_at=max(to_number + own, default=None),
            number_calls_at=to_number,
            freelancer_calls_at=own,
            **_tally("block", [s for s in calls if s.number[:-BLOCK_DIGITS] == to.block]),
            **_tally("region", [s for s in calls if s.region == to.region]),
            **_tally("desk", calls),
            number_locked_until=lock if lock is not None and lock > now else None,
            declined_at=max(self._declines(freelancer_id, number_key, now), default=None),
            number_busy_until=max(self._busy(freelancer_id, number_key), default=None),
            misconfigured_at=max(self._misconfigured(now), default=None),
        )

    async def calling(self, key: NumberKey) -> Verification | None:
        active = [s for s in self.tables.sessions.values() if s.number_key == key and _active(s)]
        return await self.of_session(active[0].id) if active else None

    async def declines(self, freelancer_id: FreelancerId, key: NumberKey, since: datetime) -> int:
        return sum(
            isinstance(s.phase, Ended) and s.phase.how is Ending.DECLINED and s.phase.at > since
            for s in self.tables.sessions.values()
            if s.freelancer_id == freelancer_id or s.number_key == key
        )

    async def sessions(self, freelancer_id: FreelancerId) -> Sequence[CallSession]:
        return [s for s in self.tables.sessions.values() if s.freelancer_id == freelancer_id]

    async def locked_until(self, key: NumberKey) -> datetime | None:
        return self.tables.number_locks.get(key)

    async def erase(self, freelancer_id: FreelancerId) -> None:
        self.tables.rounds.pop(freelancer_id, None)
        for session in list(self.tables.sessions.values()):
            if session.freelancer_id == freelancer_id:
                del self.tables.sessions[session.id]
                for turn in [key for key in self.tables.answers if key[0] == session.id]:
                    del self.tables.answers[turn]

    async def lock_number(self, key: NumberKey, until: datetime) -> None:
        held = self.tables.number_locks.get(key, until)
        self.tables.number_locks[key] = max(held, until)

    async def unlock_number(self, key: NumberKey) -> None:
        self.tables.number_locks.pop(key, None)

    def _misconfigured(self, now: datetime) -> list[datetime]:
        return [
            s.phase.at
            for s in self.tables.sessions.values()
            if isinstance(s.phase, Ended)
            and s.phase.how is Ending.MISCONFIGURED
            and s.opened_at > now - DAY
        ]

    def _declines(
        self, freelancer_id: FreelancerId, number_key: NumberKey, now: datetime
    ) -> list[datetime]:
        return [
            s.phase.at
            for s in self.tables.sessions.values()
            if (s.freelancer_id, s.number_key) == (freelancer_id, number_key)
            and isinstance(s.phase, Ended)
            and s.phase.how is Ending.DECLINED
            and s.phase.at > now - DAY
        ]

    def _busy(self, freelancer_id: FreelancerId, number_key: NumberKey) -> list[datetime]:
        return [
            s.expires_at
            for s in self.tables.sessions.values()
            if s.number_key == number_key and s.freelancer_id != freelancer_id and _active(s)
        ]
