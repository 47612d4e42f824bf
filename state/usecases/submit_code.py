"""A code typed into the chat, where a message brought it."""

from dataclasses import dataclass

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped
from state.model.verification import Prompt
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.verification import running
from state.usecases.advance_call import AdvanceCall, HeardDigits


@dataclass(frozen=True, slots=True)
class NotAwaited:
    """No code belongs into the chat now; nothing was judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCode:
    """The same judgement, and the same attempts, as for a code keyed into a call."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers

    async def __call__(self, freelancer_id: FreelancerId, text: str) -> Prompt | NotAwaited:
        session = running(await self.unit.verifications.load(freelancer_id))
        if session is None or not isinstance(session.phase, AwaitingTyped):
            return NotAwaited()
        advance = AdvanceCall(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        keyed = "".join(sign for sign in text if sign.isdecimal())
        return await advance(session.id, HeardDigits(keyed=keyed))
