"""Take in what happened to a call, and say what the call says next."""

from dataclasses import dataclass, field
from typing import TypeAlias

from state.model.ledger import Attempts
from state.model.verification import CallSession, Prompt, SessionId, Silence
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.call_events import CallEvent, CodeHeard, KeyPressed
from state.rules.codes import Peppers, code_of, same
from state.rules.digits import heard
from state.rules.verification import running
from state.usecases.call_effects import apply
from state.usecases.read_attempts import attempts_at, taken_by_another

REPEAT = "*"
UNCLEAR = CodeHeard(matches=None, attempts=Attempts())
"""Nothing to judge, so it does not matter what was wrong before."""


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
            event = UNCLEAR if session is None else await self._judged(session, event)
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
            return UNCLEAR
        code = code_of(self.peppers, session, digits=length)
        now = self.clock.now()
        found = await attempts_at(
            self.unit,
            session.person_key,
            session.number_key,
            now=now,
            policy=self.policy.verification,
        )
        in_use = await taken_by_another(
            self.unit, session.freelancer_id, session.person_key, session.number_key, now=now
        )
        return CodeHeard(matches=same(digits, code), attempts=found, in_use=in_use)
