"""Take in what the marketplace says of a freelancer."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import Account, Completion, StepId
from state.model.verification import NumberKey
from state.model.work import ShowProgress
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.codes import Peppers, number_key
from state.rules.phone_number import Checked, Dialable, Reach, check
from state.rules.progress import newly_done
from state.usecases.call_effects import cancel
from state.usecases.lanes import chat_lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    newly: tuple[StepId, ...]
    """Steps that were done for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """The snapshot held is as new or newer; nothing changed."""

    held: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSnapshot:
    """Keep the reading and record, for good, the steps it proves, on whatever plan.

    A number that was edited in the chat stays until the marketplace's own number changes.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None
    """None where the settings hold none: the number is then keyed when a call is asked for."""
    reach: Reach

    async def __call__(self, account: Account) -> Taken | Older:
        held = await self.unit.accounts.get(account.id)
        if not await self.unit.accounts.put(account):
            return Older(held=account.as_of if held is None else held.as_of)
        if account.phone is not None and (held is None or held.phone != account.phone):
            await self._use_number(account, account.phone)
        newly = await self._complete(account)
        await self._show(account, newly)
        return Taken(newly=newly)

    async def _complete(self, account: Account) -> tuple[StepId, ...]:
        proof = f"snapshot:{account.as_of.isoformat()}"
        newly = []
        for step in newly_done(self.policy, account):
            done = Completion(step=step, done_at=account.as_of, proof=proof)
            if await self.unit.accounts.complete(account.id, done):
                newly.append(step)
        return tuple(newly)

    async def _use_number(self, account: Account, on_record: str) -> None:
        checked = check(on_record, self.reach)
        number = checked.number if isinstance(checked, Dialable) else on_record
        if number == await self.unit.numbers.current(account.id):
            return
        now = self.clock.now()
        await cancel(self.unit, account.id, now=now, policy=self.policy)
        key = self._key(checked)
        await self.unit.numbers.set_current(account.id, number, key, now)

    def _key(self, checked: Checked) -> NumberKey | None:
        if self.peppers is None or not isinstance(checked, Dialable):
            return None
        return number_key(self.peppers, checked.number)

    async def _show(self, account: Account, newly: tuple[StepId, ...]) -> None:
        chat = await self.unit.chats.of(account.id)
        if chat is not None:
            await self.unit.outbox.add(
                ShowProgress(freelancer_id=account.id, opened=newly),
                lane=chat_lane(chat.id),
                key=f"show-progress:{account.id}:{account.as_of.isoformat()}",
                due_at=self.clock.now(),
            )
