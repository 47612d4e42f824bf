"""End the call that is in course."""

from dataclasses import dataclass

from state.model.account import FreelancerId
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.usecases.call_effects import cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCall:
    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> bool:
        """False if there was none."""
        return await cancel(self.unit, freelancer_id, now=self.clock.now(), policy=self.policy)
