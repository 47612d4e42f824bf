"""Do without the reminder that a lock is over."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.rounds import person_locked_until
from state.usecases.call_endings import reminder_key
from state.usecases.read_attempts import attempts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipReminder:
    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> datetime | None:
        """The end of the lock, which stays; None if there is none any more."""
        now, rules = self.clock.now(), self.policy.verification
        found = await attempts_of(
            self.unit, freelancer_id, peppers=self.peppers, now=now, policy=rules
        )
        until = person_locked_until(found, now=now, policy=rules)
        if until is not None:
            await self.unit.outbox.drop(reminder_key(freelancer_id, until))
        return until
