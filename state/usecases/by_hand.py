"""Staff set or clear a verification, with a reason that the audit trail keeps."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.verification import Open, Verification, Verified
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import NumberRefused, Reach, mask
from state.rules.progress import phone_steps
from state.usecases.call_effects import cancel
from state.usecases.call_endings import complete
from state.usecases.correct_step import strike
from state.usecases.number_in_use import NoNumber, number_in_use


@dataclass(frozen=True, slots=True)
class SetByHand:
    masked: str


@dataclass(frozen=True, slots=True)
class InUse:
    """The number is verified on another account, which has to be cleared first."""

    by: FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVerification:
    """The number in use counts as verified, as if its owner had entered the code."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(
        self, freelancer_id: FreelancerId, *, reason: str, actor: str
    ) -> SetByHand | InUse | NumberRefused | NoNumber:
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, reach=self.reach
        )
        if not isinstance(found, Destination):
            return found
        owner = await self.unit.numbers.verified_by(found.key)
        if owner is not None and owner != freelancer_id:
            return InUse(owner)
        now = self.clock.now()
        await settle(self.unit, freelancer_id, found, f"by-hand:{now}", at=now, policy=self.policy)
        await self.unit.verifications.unlock_number(found.key)
        masked = mask(found.number)
        await _note(self.unit, "verification.set", freelancer_id, actor, masked, reason, now)
        return SetByHand(masked)


async def settle(
    unit: UnitOfWork,
    freelancer_id: FreelancerId,
    to: Destination,
    proof: str,
    *,
    at: datetime,
    policy: Policy,
) -> None:
    """A number is proved otherwise than by a code; a call that is under way ends."""
    await cancel(unit, freelancer_id, now=at, policy=policy)
    verification = await unit.verifications.load(freelancer_id)
    await unit.verifications.save(replace(verification, round=Verified(at, to.key)))
    await unit.numbers.set_current(freelancer_id, to.number, to.key, at)
    await complete(unit, freelancer_id, to.key, proof, at=at, policy=policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearVerification:
    """Back to the start: neither verified nor locked, with every attempt."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(self, freelancer_id: FreelancerId, *, reason: str, actor: str) -> None:
        now = self.clock.now()
        await cancel(self.unit, freelancer_id, now=now, policy=self.policy)
        verification = await self.unit.verifications.load(freelancer_id)
        await self.unit.verifications.save(replace(verification, round=Open()))
        await self._unlock(verification)
        await self.unit.numbers.clear_verified(freelancer_id)
        for step in phone_steps(self.policy):
            await strike(self.unit, freelancer_id, step, now=now)
        await _note(self.unit, "verification.cleared", freelancer_id, actor, "", reason, now)

    async def _unlock(self, verification: Verification) -> None:
        """The number that was locked, and the one in use if that is another by now."""
        if verification.session is not None:
            await self.unit.verifications.unlock_number(verification.session.number_key)
        found = await number_in_use(
            self.unit, verification.freelancer_id, peppers=self.peppers, reach=self.reach
        )
        if isinstance(found, Destination):
            await self.unit.verifications.unlock_number(found.key)


async def _note(
    unit: UnitOfWork,
    kind: str,
    freelancer_id: FreelancerId,
    actor: str,
    masked: str,
    reason: str,
    now: datetime,
) -> None:
    detail = f"{masked} {reason}".strip()
    await unit.audit.add(
        AuditEvent(at=now, kind=kind, subject=freelancer_id, actor=actor, detail=detail)
    )
