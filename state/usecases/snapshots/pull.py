"""Request a snapshot from the marketplace, and take in and show the response."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from state.model.account import Account, FreelancerId
from state.model.work import PullAccount, PullTrouble, ShowProgress
from state.policy import Policy
from state.ports import Clock, NotReached, NotThere, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import CallableNumbers
from state.usecases.lanes import chat_lane, pull_lane
from state.usecases.snapshots.take import Older, TakeSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePulled:
    """Take in the marketplace's response and show it in the chat that waits for it."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(
        self, freelancer_id: FreelancerId, pulled: Account | NotThere | NotReached
    ) -> None:
        if await self.unit.chats.of(freelancer_id) is None:
            return  # no chat waits for it; and it must not restore an erased account
        match pulled:
            case Account():
                if isinstance(await self._take(pulled), Older):
                    await self._show(freelancer_id, None)
            case NotThere():
                await self._show(freelancer_id, PullTrouble.NOT_FOUND)
            case NotReached():
                await self._show(freelancer_id, PullTrouble.NOT_REACHED)
            case _:
                assert_never(pulled)

    async def _take(self, account: Account) -> object:
        """Take a snapshot; TakeSnapshot itself shows a newer one."""
        take_snapshot = TakeSnapshot(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
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
"""A snapshot within this time of now is not read again, unless the person asks for it."""

AT_MOST_EVERY = 5
"""Seconds; repeated requests within this time are made once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReading:
    """Queue a request for a new snapshot; the chat shows the last one until it arrives."""

    unit: UnitOfWork
    clock: Clock
    can_pull: bool
    """Whether accounts can be read from the marketplace on request."""

    async def __call__(self, freelancer_id: FreelancerId, *, again: bool = False) -> bool:
        """Returns whether a request was queued. `again`: even if the last snapshot is fresh."""
        now = self.clock.now()
        held = await self.unit.accounts.get(freelancer_id)
        is_fresh = held is not None and abs(now - held.as_of) < FRESH
        if not self.can_pull or (is_fresh and not again):
            return False
        await self.unit.outbox.add(
            PullAccount(freelancer_id=freelancer_id),
            lane=pull_lane(freelancer_id),
            key=f"pull:{freelancer_id}:{int(now.timestamp()) // AT_MOST_EVERY}",
            due_at=now,
        )
        return True
