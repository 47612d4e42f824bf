"""Take in what came of asking the marketplace, and show it to whoever waits for it."""

from dataclasses import dataclass
from typing import assert_never

from state.model.account import Account, FreelancerId
from state.model.work import PullTrouble, ShowProgress
from state.policy import Policy
from state.ports import Clock, NotReached, NotThere, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import Reach
from state.usecases.lanes import chat_lane
from state.usecases.take_snapshot import Older, TakeSnapshot


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
