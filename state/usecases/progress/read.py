"""Read a freelancer's progress, as it is or as it would be."""

from collections.abc import Sequence
from dataclasses import dataclass

from state.model.account import FreelancerId, Progress
from state.policy import Policy
from state.ports import Clock, ReadUnit
from state.rules.codes import Peppers
from state.rules.progress import BadChange, progress, what_if
from state.rules.rounds import person_locked_until
from state.usecases.verification.read_attempts import attempts_of


@dataclass(frozen=True, slots=True)
class NotFound:
    """The freelancer is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProgress:
    """Progress from the last snapshot; linking or a link offer makes a freelancer known too."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> Progress | NotFound:
        account = await self.unit.accounts.get(freelancer_id)
        completions = await self.unit.accounts.completions(freelancer_id)
        if account is None and not completions and not await self._heard_of(freelancer_id):
            return NotFound()
        now, rules = self.clock.now(), self.policy.verification
        found = await attempts_of(
            self.unit, freelancer_id, peppers=self.peppers, now=now, policy=rules
        )
        return progress(
            self.policy,
            account,
            completions,
            freelancer_id=freelancer_id,
            now=now,
            blocked_until=person_locked_until(found, now=now, policy=rules),
            revoked=await self.unit.accounts.revoked(freelancer_id),
        )

    async def _heard_of(self, freelancer_id: FreelancerId) -> bool:
        if await self.unit.links.offered(freelancer_id):
            return True
        return await self.unit.chats.of(freelancer_id) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWhatIf:
    """Progress after `changes`: each is the id of a step to complete, or `plan=<id>`."""

    unit: ReadUnit
    policy: Policy
    clock: Clock

    async def __call__(
        self, freelancer_id: FreelancerId, changes: Sequence[str]
    ) -> Progress | BadChange:
        accounts = self.unit.accounts
        return what_if(
            self.policy,
            await accounts.get(freelancer_id),
            await accounts.completions(freelancer_id),
            changes,
            freelancer_id=freelancer_id,
            now=self.clock.now(),
            revoked=await accounts.revoked(freelancer_id),
        )
