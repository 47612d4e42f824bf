"""One's own contact: it fills in or confirms the number, and proves it if the policy says so."""

from dataclasses import dataclass

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers, person_key
from state.rules.phone_number import NumberRefused, Reach, mask
from state.rules.rounds import locked_until
from state.usecases.by_hand import settle
from state.usecases.edit_number import EditNumber, NumberKept
from state.usecases.number_in_use import number_in_use
from state.usecases.read_attempts import attempts_at, taken_by_another


@dataclass(frozen=True, slots=True)
class ContactVerified:
    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeContact:
    """A lock, or another account's claim, is not got round: then it is a number like any other."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(
        self, freelancer_id: FreelancerId, text: str
    ) -> NumberKept | ContactVerified | NumberRefused:
        edit = EditNumber(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            reach=self.reach,
        )
        edited = await edit(freelancer_id, text)
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, reach=self.reach
        )
        if not isinstance(edited, NumberKept) or not isinstance(found, Destination):
            return edited
        if not await self._proves(freelancer_id, found):
            return edited
        now, masked = self.clock.now(), mask(found.number)
        person = person_key(self.peppers, freelancer_id)
        await settle(
            self.unit, freelancer_id, person, found, f"contact:{now}", at=now, policy=self.policy
        )
        await self.unit.audit.add(
            AuditEvent(
                at=now,
                kind="verification.contact",
                subject=freelancer_id,
                actor="chat",
                detail=masked,
            )
        )
        return ContactVerified(masked)

    async def _proves(self, freelancer_id: FreelancerId, to: Destination) -> bool:
        if not self.policy.verification.contact_verifies or not self.clock.is_steady():
            return False
        now, rules = self.clock.now(), self.policy.verification
        person = person_key(self.peppers, freelancer_id)
        found = await attempts_at(self.unit, person, to.key, now=now, policy=rules)
        if locked_until(found, now=now, policy=rules) is not None:
            return False
        return not await taken_by_another(self.unit, freelancer_id, person, to.key, now=now)
