"""Change the number to verify, verify a shared contact, or expect a number as next input."""

from dataclasses import dataclass, replace

from state.model.account import FreelancerId
from state.model.chat import Awaiting, ChatId
from state.model.destination import Destination
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers, number_key, person_key
from state.rules.phone_number import CallableNumbers, NumberRefused, check_number, mask_number
from state.rules.rounds import locked_until
from state.usecases.verification.by_hand import mark_verified
from state.usecases.verification.call_effects import cancel_call
from state.usecases.verification.number_in_use import number_in_use
from state.usecases.verification.read_attempts import attempts_at, taken_by_another


@dataclass(frozen=True, slots=True)
class NumberKept:
    """The number is accepted as the current one; `masked` is what to show of it."""

    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditNumber:
    """Change the number; a call to the former one ends. Attempts and locks stay."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(self, freelancer_id: FreelancerId, text: str) -> NumberKept | NumberRefused:
        checked = check_number(text, self.callable_numbers)
        if isinstance(checked, NumberRefused):
            return checked
        await self._stop_waiting(freelancer_id)
        if checked.number != await self.unit.numbers.current(freelancer_id):
            await self._change(freelancer_id, checked.number)
        return NumberKept(mask_number(checked.number))

    async def _change(self, freelancer_id: FreelancerId, number: str) -> None:
        now = self.clock.now()
        await cancel_call(self.unit, freelancer_id, now=now, policy=self.policy)
        key = number_key(self.peppers, number)
        await self.unit.numbers.set_current(freelancer_id, number, key, now)
        await self.unit.audit.add(
            AuditEvent(
                at=now,
                kind="number.edited",
                subject=freelancer_id,
                actor="chat",
                detail=mask_number(number),
            )
        )

    async def _stop_waiting(self, freelancer_id: FreelancerId) -> None:
        chat = await self.unit.chats.of(freelancer_id)
        if chat is not None and chat.awaiting is Awaiting.NUMBER:
            await self.unit.chats.save(replace(chat, awaiting=Awaiting.NOTHING))


@dataclass(frozen=True, slots=True)
class ContactVerified:
    """The shared contact verified the number."""

    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeContact:
    """Take a shared contact as the number, and as its proof if the policy allows.

    It is no proof while a lock holds or if another account has the number.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(
        self, freelancer_id: FreelancerId, text: str
    ) -> NumberKept | ContactVerified | NumberRefused:
        edit = EditNumber(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
        )
        edited = await edit(freelancer_id, text)
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, callable_numbers=self.callable_numbers
        )
        if not isinstance(edited, NumberKept) or not isinstance(found, Destination):
            return edited
        if not await self._proves(freelancer_id, found):
            return edited
        now, masked = self.clock.now(), mask_number(found.number)
        person = person_key(self.peppers, freelancer_id)
        await mark_verified(
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectInput:
    """Set what the chat's next message is read as; a chat that is not stored is left as it is."""

    unit: UnitOfWork

    async def __call__(self, chat_id: ChatId, awaiting: Awaiting) -> None:
        chat = await self.unit.chats.get(chat_id)
        if chat is not None and chat.awaiting is not awaiting:
            await self.unit.chats.save(replace(chat, awaiting=awaiting))
