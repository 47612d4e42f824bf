"""Take in what happened to a call, and say what the call says next."""

from dataclasses import dataclass, field
from typing import TypeAlias

from state.model.verification import CallSession, Prompt, SessionId, Silence
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.call_events import CallEvent, CodeHeard, KeyPressed
from state.rules.codes import Peppers, code_of, same
from state.rules.digits import heard
from state.rules.verification import running
from state.usecases.call_effects import apply

REPEAT = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardDigits:
    """What the provider heard for the code, as it came."""

    keyed: str | None = field(default=None, repr=False)
    said: str | None = field(default=None, repr=False)
    confidence: float | None = None


Happened: TypeAlias = CallEvent | HeardDigits


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceCall:
    """The code is derived for this moment and compared in constant time."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers

    async def __call__(self, session_id: SessionId, event: Happened) -> Prompt:
        verification = await self.unit.verifications.of_session(session_id)
        if verification is None or verification.session is None:
            return Silence()
        if isinstance(event, HeardDigits):
            session = running(verification)
            late = CodeHeard(matches=None)
            event = late if session is None else await self._judged(session, event)
        advanced = await apply(
            self.unit, verification, event, now=self.clock.now(), policy=self.policy
        )
        return advanced.prompt or Silence()

    async def _judged(self, session: CallSession, event: HeardDigits) -> CodeHeard | KeyPressed:
        if (event.keyed or "").strip() == REPEAT:
            return KeyPressed(REPEAT)
        length = self.policy.verification.code_digits
        digits = heard(
            keyed=event.keyed, said=event.said, confidence=event.confidence, length=length
        )
        if digits is None:
            return CodeHeard(matches=None)
        code = code_of(self.peppers, session, digits=length)
        owner = await self.unit.numbers.verified_by(session.number_key)
        in_use = owner not in {None, session.freelancer_id}
        return CodeHeard(matches=same(digits, code), in_use=in_use)
