"""Forget somebody's verification, except what a wait needs to outlive it."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import LockedOut, Round
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.rounds import wrong_so_far
from state.usecases.call_effects import cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseVerification:
    """A call in course ends. Of a number nothing is left but its key and the end of a lock.

    Wrong codes are attempts also of whoever comes back after this: their number then waits for as
    long as they would have counted.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> None:
        now = self.clock.now()
        chat = await self.unit.chats.of(freelancer_id)
        leaving = None if chat is None else chat.id
        await cancel(self.unit, freelancer_id, now=now, policy=self.policy, leaving=leaving)
        verification = await self.unit.verifications.load(freelancer_id)
        until = self._waits_until(verification.round, now)
        if verification.session is not None and until is not None:
            await self.unit.verifications.lock_number(verification.session.number_key, until)
        await self.unit.verifications.erase(freelancer_id)
        await self.unit.numbers.erase(freelancer_id)

    def _waits_until(self, found: Round, now: datetime) -> datetime | None:
        if isinstance(found, LockedOut):
            return found.until
        rules = self.policy.verification
        wrong_at = wrong_so_far(found, now=now, policy=rules)
        return wrong_at[-1] + rules.lock if wrong_at else None
