"""Look whether time has ended a call that nobody ended."""

from dataclasses import dataclass

from state.model.verification import SessionId
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.call_events import TimePassed
from state.usecases.call_effects import apply


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCall:
    """Not confirmed in time: failed. Hung up: abandoned. The code's life is over: expired."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, session_id: SessionId) -> None:
        verification = await self.unit.verifications.of_session(session_id)
        if verification is not None:
            now = self.clock.now()
            await apply(self.unit, verification, TimePassed(), now=now, policy=self.policy)
