"""Where a freelancer would stand after some changes; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from state.model.account import FreelancerId, Progress
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.progress import BadChange, what_if


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWhatIf:
    """`changes`: the id of a step that gets done, or `plan=` and a plan's."""

    unit: UnitOfWork
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
            struck=await accounts.struck(freelancer_id),
        )
