"""Forget somebody's verification, except what limits and locks need to outlive it."""

from dataclasses import dataclass

from state.model.account import FreelancerId
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.usecases.call_effects import cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseVerification:
    """A call in course ends, and calls and numbers are removed.

    The ledger stays, so erasure gives nothing back: wrong codes, calls and "this wasn't me" count
    on, and a number that was verified stays bound to this account for a while.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> None:
        now = self.clock.now()
        chat = await self.unit.chats.of(freelancer_id)
        leaving = None if chat is None else chat.id
        await cancel(self.unit, freelancer_id, now=now, policy=self.policy, leaving=leaving)
        await self.unit.ledger.release_later(
            freelancer_id, now + self.policy.verification.number_reuse
        )
        await self.unit.verifications.erase(freelancer_id)
        await self.unit.numbers.erase(freelancer_id)
