"""Take another number for verification."""

from dataclasses import dataclass, replace

from state.model.account import FreelancerId
from state.model.chat import Awaiting
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers, number_key
from state.rules.phone_number import NumberRefused, Reach, check, mask
from state.usecases.call_effects import cancel


@dataclass(frozen=True, slots=True)
class NumberKept:
    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditNumber:
    """A call to the former number ends. Attempts and locks stay with the freelancer."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(self, freelancer_id: FreelancerId, text: str) -> NumberKept | NumberRefused:
        checked = check(text, self.reach)
        if isinstance(checked, NumberRefused):
            return checked
        await self._stop_waiting(freelancer_id)
        if checked.number != await self.unit.numbers.current(freelancer_id):
            await self._change(freelancer_id, checked.number)
        return NumberKept(mask(checked.number))

    async def _change(self, freelancer_id: FreelancerId, number: str) -> None:
        now = self.clock.now()
        await cancel(self.unit, freelancer_id, now=now, policy=self.policy)
        key = number_key(self.peppers, number)
        await self.unit.numbers.set_current(freelancer_id, number, key, now)
        await self.unit.audit.add(
            AuditEvent(
                at=now,
                kind="number.edited",
                subject=freelancer_id,
                actor="chat",
                detail=mask(number),
            )
        )

    async def _stop_waiting(self, freelancer_id: FreelancerId) -> None:
        chat = await self.unit.chats.of(freelancer_id)
        if chat is not None and chat.awaiting is Awaiting.NUMBER:
            await self.unit.chats.save(replace(chat, awaiting=Awaiting.NOTHING))
