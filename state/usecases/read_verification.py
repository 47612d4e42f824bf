"""Say where a freelancer stands with the verification of their number."""

from dataclasses import dataclass

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.verification import AlreadyVerified, CallDecision, Verification
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.calling import call_decision
from state.rules.codes import Peppers
from state.rules.phone_number import NumberRefused, Reach, Refusal, mask
from state.rules.standing import (
    CallRunning,
    CanCall,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
    standing,
)
from state.usecases.number_in_use import number_in_use, verified_on_record
from state.usecases.read_attempts import attempts_of, history_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationView:
    standing: VerificationStanding
    number: str | None
    """Masked; None if there is none."""
    refused: Refusal | None
    """Why the number there is cannot be called."""
    decision: CallDecision | None
    """What asking for a call now would be answered; None without a number to call."""
    attempts: int
    """Of a round, by the policy."""

    @property
    def needs_number(self) -> bool:
        """Nothing stands in the way but that there is no number to call."""
        return self.decision is None and isinstance(self.standing, NotStarted | CanCall)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVerification:
    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(self, freelancer_id: FreelancerId) -> VerificationView:
        verification = await self.unit.verifications.load(freelancer_id)
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, reach=self.reach
        )
        if isinstance(found, Destination):
            return await self._with_number(verification, found)
        current = await self.unit.numbers.current(freelancer_id)
        now, rules = self.clock.now(), self.policy.verification
        counted = await attempts_of(
            self.unit, freelancer_id, peppers=self.peppers, now=now, policy=rules
        )
        return VerificationView(
            standing=standing(verification, counted, now=now, policy=rules),
            number=None if current is None else mask(current),
            refused=found.why if isinstance(found, NumberRefused) else None,
            decision=None,
            attempts=rules.attempts,
        )

    async def _with_number(
        self, verification: Verification, found: Destination
    ) -> VerificationView:
        now, rules = self.clock.now(), self.policy.verification
        owner = verification.freelancer_id
        history = await history_of(
            self.unit, owner, found, peppers=self.peppers, now=now, policy=rules
        )
        where = standing(
            verification, history.attempts, now=now, policy=rules, number_key=found.key
        )
        decision = call_decision(
            verification,
            found.key,
            history,
            now=now,
            policy=rules,
            steady=self.clock.is_steady(),
        )
        since = await verified_on_record(
            self.unit, owner, found.number, policy=self.policy, reach=self.reach
        )
        if since is not None and not isinstance(where, CallRunning):
            where, decision = VerifiedStanding(since), AlreadyVerified(since)
        return VerificationView(
            standing=where,
            number=mask(found.number),
            refused=None,
            decision=decision,
            attempts=rules.attempts,
        )
