"""Take in what came of asking the marketplace, and show it to whoever waits for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from state.model.account import Account, FreelancerId
from state.model.work import PullAccount, PullTrouble, ShowProgress
from state.policy import Policy
from state.ports import Clock, NotReached, NotThere, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import Reach
from state.usecases.lanes import chat_lane, pull_lane
from state.usecases.snapshots.take import Older, TakeSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePulled:
    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(
        self, freelancer_id: FreelancerId, found: Account | NotThere | NotReached
    ) -> None:
        if await self.unit.chats.of(freelancer_id) is None:
            return  # nobody waits for it any more; and who was erased does not come back by it
        match found:
            case Account():
                if isinstance(await self._take(found), Older):
                    await self._show(freelancer_id, None)
            case NotThere():
                await self._show(freelancer_id, PullTrouble.NOT_FOUND)
            case NotReached():
                await self._show(freelancer_id, PullTrouble.NOT_REACHED)
            case _:
                assert_never(found)

    async def _take(self, account: Account) -> object:
        """A newer reading is shown by the use case that takes it."""
        take_snapshot = TakeSnapshot(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            reach=self.reach,
        )
        return await take_snapshot(account)

    async def _show(self, freelancer_id: FreelancerId, trouble: PullTrouble | None) -> None:
        chat = await self.unit.chats.of(freelancer_id)
        if chat is None:
            return
        now = self.clock.now()
        await self.unit.outbox.add(
            ShowProgress(freelancer_id=freelancer_id, trouble=trouble),
            lane=chat_lane(chat.id),
            key=f"show-progress:{freelancer_id}:pulled:{now.isoformat()}",
            due_at=now,
        )


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
