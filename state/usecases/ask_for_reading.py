"""Ask the marketplace for a newer reading, where it can be asked."""

from dataclasses import dataclass
from datetime import timedelta

from state.model.account import FreelancerId
from state.model.work import PullAccount
from state.ports import Clock, UnitOfWork
from state.usecases.lanes import pull_lane

FRESH = timedelta(minutes=5)
"""A reading as young as this is shown as it is, unless a new one is asked for by name."""

AT_MOST_EVERY = 5
"""Seconds: who presses again and again is asked for once in so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReading:
    """The turn goes on with the last reading; what comes of it is shown in the same message."""

    unit: UnitOfWork
    clock: Clock
    pulls: bool
    """Whether the marketplace can be asked."""

    async def __call__(self, freelancer_id: FreelancerId, *, again: bool = False) -> bool:
        """Whether one is on its way. `again`: however young the last one is."""
        now = self.clock.now()
        held = await self.unit.accounts.get(freelancer_id)
        is_fresh = held is not None and now - held.as_of < FRESH
        if not self.pulls or (is_fresh and not again):
            return False
        await self.unit.outbox.add(
            PullAccount(freelancer_id=freelancer_id),
            lane=pull_lane(freelancer_id),
            key=f"pull:{freelancer_id}:{int(now.timestamp()) // AT_MOST_EVERY}",
            due_at=now,
        )
        return True
