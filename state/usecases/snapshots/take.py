"""Take in one snapshot of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import READING, Account, Completion, StepId
from state.model.verification import NumberKey
from state.model.work import ShowProgress
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.codes import Peppers, number_key
from state.rules.phone_number import CallableNumbers, Dialable, check_number
from state.rules.progress import newly_done
from state.usecases.lanes import chat_lane
from state.usecases.marketplace_events import queue_step_event, record_sequel
from state.usecases.verification.call_effects import cancel_call


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTaken:
    newly: tuple[StepId, ...]
    """Steps completed for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """Ignored: the stored snapshot is as new or newer."""

    held: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSnapshot:
    """Store a snapshot and record permanently the steps it proves, on any plan.

    A number edited in the chat stays until the marketplace's own number changes.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None
    """None without a pepper in the settings: the number is then keyed when a call is requested."""
    callable_numbers: CallableNumbers

    async def __call__(self, account: Account, *, quietly: bool = False) -> SnapshotTaken | Older:
        """`quietly`: do not report the completed steps to the marketplace."""
        held = await self.unit.accounts.get(account.id)
        if not await self.unit.accounts.put(account):
            return Older(held=account.as_of if held is None else held.as_of)
        if account.phone is not None and (held is None or held.phone != account.phone):
            await self._use_number(account, account.phone)
        newly = await self._complete(account, quietly=quietly)
        await self._show(account, newly)
        return SnapshotTaken(newly=newly)

    async def _complete(self, account: Account, *, quietly: bool) -> tuple[StepId, ...]:
        newly = [
            done.step
            for done in completions_of(account, newly_done(self.policy, account))
            if await self.unit.accounts.complete(account.id, done)
        ]
        if newly:
            await record_sequel(self.unit, account.id, now=self.clock.now())
        for step in () if quietly else newly:
            await queue_step_event(self.unit, account.id, step, now=self.clock.now())
        return tuple(newly)

    async def _use_number(self, account: Account, on_record: str) -> None:
        number, key = number_on_record(on_record, self.callable_numbers, self.peppers)
        if number == await self.unit.numbers.current(account.id):
            return
        now = self.clock.now()
        await cancel_call(self.unit, account.id, now=now, policy=self.policy)
        await self.unit.numbers.set_current(account.id, number, key, now)

    async def _show(self, account: Account, newly: tuple[StepId, ...]) -> None:
        chat = await self.unit.chats.of(account.id)
        if chat is not None:
            await self.unit.outbox.add(
                ShowProgress(freelancer_id=account.id, opened=newly),
                lane=chat_lane(chat.id),
                key=f"show-progress:{account.id}:{account.as_of.isoformat()}",
                due_at=self.clock.now(),
            )


def completions_of(account: Account, steps: Sequence[StepId]) -> list[Completion]:
    proof = f"{READING}{account.as_of.isoformat()}"
    return [Completion(step=step, done_at=account.as_of, proof=proof) for step in steps]


def number_on_record(
    on_record: str, callable_numbers: CallableNumbers, peppers: Peppers | None
) -> tuple[str, NumberKey | None]:
    """The number in E.164 with its key, if it can be called; else as written, without a key."""
    checked = check_number(on_record, callable_numbers)
    if not isinstance(checked, Dialable):
        return on_record, None
    return checked.number, None if peppers is None else number_key(peppers, checked.number)
