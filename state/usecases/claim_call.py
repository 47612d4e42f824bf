"""Take a queued call for placing, at most once."""

from dataclasses import dataclass, field
from datetime import datetime

from state.model.account import FreelancerId
from state.model.channel import Channel
from state.model.verification import CallSession, Placing, Queued, SessionId
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.call_events import Claimed
from state.rules.codes import Peppers, code_of
from state.rules.verification import running
from state.usecases.call_effects import apply


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToPlace:
    session_id: SessionId
    freelancer_id: FreelancerId
    number: str = field(repr=False)
    expires_at: datetime
    channel: Channel
    code: str | None = field(repr=False)
    """Only where a message is to bring it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCall:
    """None: it was claimed, cancelled or ran out before. Commit before asking the provider."""

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
        advanced = await apply(
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
