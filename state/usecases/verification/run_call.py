"""Run a call: claim it for placing, apply the provider's events, accept typed codes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped, Channel
from state.model.ledger import Attempts
from state.model.verification import CallSession, Placing, Prompt, Queued, SessionId, Silence
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.call_events import CallEvent, Claimed, CodeHeard, KeyPressed, TimePassed
from state.rules.codes import Peppers, code_of, equal_secrets
from state.rules.digits import code_from
from state.rules.verification import running
from state.usecases.verification.call_effects import apply_event
from state.usecases.verification.read_attempts import attempts_at, taken_by_another


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToPlace:
    """A claimed call, with what the provider needs to place it."""

    session_id: SessionId
    freelancer_id: FreelancerId
    number: str = field(repr=False)
    expires_at: datetime
    channel: Channel
    code: str | None = field(repr=False)
    """Set only if a message delivers the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCall:
    """Claim a queued call for placing, at most once; commit before the provider is asked.

    None if it was claimed, cancelled or timed out before.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers

    async def __call__(self, session_id: SessionId) -> CallToPlace | None:
        verification = await self.unit.verifications.of_session(session_id)
        if verification is None:
            return None
        queued = running(verification)
        if queued is None or not isinstance(queued.phase, Queued):
            return None
        advanced = await apply_event(
            self.unit, verification, Claimed(), now=self.clock.now(), policy=self.policy
        )
        session = running(advanced.verification)
        if session is None or not isinstance(session.phase, Placing):
            return None
        return CallToPlace(
            session_id=session.id,
            freelancer_id=session.freelancer_id,
            number=session.number,
            expires_at=session.expires_at,
            channel=session.channel,
            code=self._code(session) if session.channel is Channel.GATEWAY else None,
        )

    def _code(self, session: CallSession) -> str:
        digits = self.policy.verification.code_digits
        return code_of(self.peppers, session, digits=digits)


REPEAT = "*"
UNCLEAR = CodeHeard(matches=None, attempts=Attempts())
"""Input without a code; attempts are irrelevant to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardDigits:
    """Raw input for a code, as reported by the provider."""

    keyed: str | None = field(default=None, repr=False)
    said: str | None = field(default=None, repr=False)
    confidence: float | None = None


Happened: TypeAlias = CallEvent | HeardDigits


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceCall:
    """Apply an event to a call; a code is derived on the spot and compared in constant time."""

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
        advanced = await apply_event(
            self.unit, verification, event, now=self.clock.now(), policy=self.policy
        )
        return advanced.prompt or Silence()

    async def _judged(self, session: CallSession, event: HeardDigits) -> CodeHeard | KeyPressed:
        if (event.keyed or "").strip() == REPEAT:
            return KeyPressed(REPEAT)
        length = self.policy.verification.code_digits
        digits = code_from(
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
        return CodeHeard(matches=equal_secrets(digits, code), attempts=found, in_use=in_use)


@dataclass(frozen=True, slots=True)
class NotAwaited:
    """No code is expected in the chat; nothing was checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCode:
    """Check a code typed into the chat, with the same attempts as one entered in a call."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCall:
    """Check a call for timeouts: failed if unconfirmed, abandoned if hung up, or expired."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, session_id: SessionId) -> None:
        verification = await self.unit.verifications.of_session(session_id)
        if verification is not None:
            now = self.clock.now()
            await apply_event(self.unit, verification, TimePassed(), now=now, policy=self.policy)
