"""Say where a freelancer stands."""

from dataclasses import dataclass

from state.model.account import FreelancerId, Progress
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.progress import progress
from state.rules.rounds import locked_until


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nobody ever told us of this freelancer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProgress:
    """From the last reading. Who was linked or offered a link, but never read, is known too."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> Progress | NotFound:
        account = await self.unit.accounts.get(freelancer_id)
        completions = await self.unit.accounts.completions(freelancer_id)
        if account is None and not completions and not await self._heard_of(freelancer_id):
            return NotFound()
        now = self.clock.now()
        verification = await self.unit.verifications.load(freelancer_id)
        return progress(
            self.policy,
            account,
            completions,
            freelancer_id=freelancer_id,
            now=now,
            blocked_until=locked_until(verification.round, now=now),
            struck=await self.unit.accounts.struck(freelancer_id),
        )

    async def _heard_of(self, freelancer_id: FreelancerId) -> bool:
        if await self.unit.links.offered(freelancer_id):
            return True
        return await self.unit.chats.of(freelancer_id) is not None
