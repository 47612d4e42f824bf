"""In-memory verifications, with the version check and the unique constraints of the real store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import (
    CallSession,
    Ended,
    NumberKey,
    SessionId,
    Verification,
)
from state.ports import StaleStateError
from tests.memory.tables import RoundRow, Tables


def _active(session: CallSession) -> bool:
    return not isinstance(session.phase, Ended)


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
            proved=stored.proved,
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
        self.tables.rounds[verification.freelancer_id] = RoundRow(
            proved=verification.proved, version=verification.version + 1
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

    async def with_active_call(self, key: NumberKey) -> Verification | None:
        active = [s for s in self.tables.sessions.values() if s.number_key == key and _active(s)]
        return await self.of_session(active[0].id) if active else None

    async def busy_until(self, freelancer_id: FreelancerId, key: NumberKey) -> datetime | None:
        ends = [
            s.expires_at
            for s in self.tables.sessions.values()
            if s.number_key == key and s.freelancer_id != freelancer_id and _active(s)
        ]
        return max(ends, default=None)

    async def sessions(self, freelancer_id: FreelancerId) -> Sequence[CallSession]:
        return [s for s in self.tables.sessions.values() if s.freelancer_id == freelancer_id]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        self.tables.rounds.pop(freelancer_id, None)
        for session in list(self.tables.sessions.values()):
            if session.freelancer_id == freelancer_id:
                del self.tables.sessions[session.id]
                for turn in [key for key in self.tables.answers if key[0] == session.id]:
                    del self.tables.answers[turn]
