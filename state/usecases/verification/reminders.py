"""Reminders that a lock is over: decide if one is still wanted, or skip it."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import Ended, Ending, Verification
from state.policy import Policy
from state.ports import Clock, ReadUnit, UnitOfWork
from state.rules.codes import Peppers
from state.rules.progress import phone_steps
from state.rules.rounds import person_locked_until
from state.usecases.verification.call_endings import reminder_key
from state.usecases.verification.read_attempts import attempts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReminder:
    """Whether the reminder is still wanted.

    False if the step is done, a call was requested since, or another lock holds.
    """

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> bool:
        verification = await self.unit.verifications.load(freelancer_id)
        done = {each.step for each in await self.unit.accounts.completions(freelancer_id)}
        if not _ended_locked(verification) or done.issuperset(phone_steps(self.policy)):
            return False
        now, rules = self.clock.now(), self.policy.verification
        found = await attempts_of(
            self.unit, freelancer_id, peppers=self.peppers, now=now, policy=rules
        )
        return person_locked_until(found, now=now, policy=rules) is None


def _ended_locked(verification: Verification) -> bool:
    """Whether the latest session ended in the lock: no call was requested since."""
    phase = None if verification.session is None else verification.session.phase
    return isinstance(phase, Ended) and phase.how is Ending.LOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipReminder:
    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> datetime | None:
        """Drop the reminder; returns the end of the lock, which stays, or None without a lock."""
        now, rules = self.clock.now(), self.policy.verification
        found = await attempts_of(
            self.unit, freelancer_id, peppers=self.peppers, now=now, policy=rules
        )
        until = person_locked_until(found, now=now, policy=rules)
        if until is not None:
            await self.unit.outbox.drop(reminder_key(freelancer_id, until))
        return until
