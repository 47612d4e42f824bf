"""Staff set, clear or release a verification, with a reason recorded in the audit trail."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.verification import PersonKey, Verified
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers, number_key, person_key
from state.rules.phone_number import CallableNumbers, NumberRefused, check_number, mask_number
from state.rules.progress import phone_steps
from state.usecases.progress.correct_step import revoke_step
from state.usecases.verification.call_effects import cancel_call
from state.usecases.verification.call_endings import complete_verification
from state.usecases.verification.number_in_use import NoNumber, number_in_use


@dataclass(frozen=True, slots=True)
class SetByHand:
    """Done; `masked` is the number concerned."""

    masked: str


@dataclass(frozen=True, slots=True)
class InUse:
    """Refused: the number is verified on another account, which has to be cleared first."""

    by: FreelancerId


@dataclass(frozen=True, slots=True)
class Bound:
    """Refused: the number is still bound to an erased account; staff have to release it first."""

    masked: str


@dataclass(frozen=True, slots=True)
class NotBound:
    """Refused: the number is bound to no account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVerification:
    """Mark the current number as verified, as if its owner had entered the code."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(
        self, freelancer_id: FreelancerId, *, reason: str, actor: str
    ) -> SetByHand | InUse | Bound | NumberRefused | NoNumber:
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, callable_numbers=self.callable_numbers
        )
        if not isinstance(found, Destination):
            return found
        owner = await self.unit.numbers.verified_by(found.key)
        if owner is not None and owner != freelancer_id:
            return InUse(owner)
        now, masked = self.clock.now(), mask_number(found.number)
        person = person_key(self.peppers, freelancer_id)
        if await self.unit.ledger.bound_to(found.key, now=now) not in {None, person}:
            return Bound(masked)
        await mark_verified(
            self.unit, freelancer_id, person, found, f"by-hand:{now}", at=now, policy=self.policy
        )
        await _note(self.unit, "verification.set", freelancer_id, actor, masked, reason, now)
        return SetByHand(masked)


async def mark_verified(
    unit: UnitOfWork,
    freelancer_id: FreelancerId,
    person: PersonKey,
    to: Destination,
    proof: str,
    *,
    at: datetime,
    policy: Policy,
) -> None:
    """Record that a number was proved without a code, and end a running call.

    As with a right code, only wrong codes at this number are cleared.
    """
    await cancel_call(unit, freelancer_id, now=at, policy=policy)
    verification = await unit.verifications.load(freelancer_id)
    await unit.verifications.save(replace(verification, proved=Verified(at, to.key)))
    await unit.numbers.set_current(freelancer_id, to.number, to.key, at)
    await complete_verification(unit, freelancer_id, person, to.key, proof, at=at, policy=policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearVerification:
    """Revoke a verification and release the number. Counts of the ledger stay."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers

    async def __call__(self, freelancer_id: FreelancerId, *, reason: str, actor: str) -> None:
        now = self.clock.now()
        await cancel_call(self.unit, freelancer_id, now=now, policy=self.policy)
        verification = await self.unit.verifications.load(freelancer_id)
        await self.unit.verifications.save(replace(verification, proved=None))
        await self.unit.numbers.clear_verified(freelancer_id)
        await self.unit.ledger.release_all(person_key(self.peppers, freelancer_id))
        for step in phone_steps(self.policy):
            await revoke_step(self.unit, freelancer_id, step, now=now)
        await _note(self.unit, "verification.cleared", freelancer_id, actor, "", reason, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNumber:
    """Let another account verify a number before its binding to the former account expires."""

    unit: UnitOfWork
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(
        self, number: str, *, reason: str, actor: str
    ) -> SetByHand | InUse | NotBound | NumberRefused:
        checked = check_number(number, self.callable_numbers)
        if isinstance(checked, NumberRefused):
            return checked
        key = number_key(self.peppers, checked.number)
        owner = await self.unit.numbers.verified_by(key)
        if owner is not None:
            return InUse(owner)
        if not await self.unit.ledger.release(key):
            return NotBound()
        masked, nobody = mask_number(checked.number), FreelancerId("")
        now = self.clock.now()
        await _note(self.unit, "number.released", nobody, actor, masked, reason, now)
        return SetByHand(masked)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseVerification:
    """End a running call and delete calls and numbers, as part of an erasure.

    The ledger stays, so erasure resets nothing: wrong codes, calls and key 9 ("this wasn't me")
    still count, and a verified number stays bound to this account for a while.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> None:
        now = self.clock.now()
        chat = await self.unit.chats.of(freelancer_id)
        leaving = None if chat is None else chat.id
        await cancel_call(self.unit, freelancer_id, now=now, policy=self.policy, leaving=leaving)
        await self.unit.ledger.release_later(
            freelancer_id, now + self.policy.verification.number_reuse
        )
        await self.unit.verifications.erase(freelancer_id)
        await self.unit.numbers.erase(freelancer_id)
