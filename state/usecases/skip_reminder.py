"""Do without the reminder that a lock is over."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.ports import Clock, UnitOfWork
from state.rules.rounds import locked_until
from state.usecases.call_endings import reminder_key


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipReminder:
    unit: UnitOfWork
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> datetime | None:
        """The end of the lock, which stays; None if there is none any more."""
        found = (await self.unit.verifications.load(freelancer_id)).round
        until = locked_until(found, now=self.clock.now())
        if until is not None:
            await self.unit.outbox.drop(reminder_key(freelancer_id, until))
        return until
