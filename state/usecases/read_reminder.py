"""Whether the reminder that a lock is over still makes sense when it is due."""

from dataclasses import dataclass

from state.model.account import FreelancerId
from state.model.verification import LockedOut
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.progress import phone_steps
from state.rules.rounds import locked_until


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReminder:
    """No: the step is done by now, the person came back unasked, or another lock began."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> bool:
        verification = await self.unit.verifications.load(freelancer_id)
        done = {each.step for each in await self.unit.accounts.completions(freelancer_id)}
        return (
            isinstance(verification.round, LockedOut)
            and locked_until(verification.round, now=self.clock.now()) is None
            and not done.issuperset(phone_steps(self.policy))
        )
