"""Read what a chat shows of a call, at the moment the message is delivered."""

from dataclasses import dataclass, field
from datetime import datetime

from state.model.account import FreelancerId, Progress
from state.model.channel import Channel
from state.model.chat import ChatId
from state.model.ledger import LedgerKind
from state.model.verification import (
    CallSession,
    Ended,
    Ending,
    Phase,
    SessionId,
    WaitUntil,
)
from state.policy import Policy
from state.ports import Clock, ReadUnit
from state.rules.codes import Peppers, code_of, in_groups
from state.rules.limits import counting_period
from state.rules.phone_number import CallableNumbers, mask_number
from state.rules.rounds import attempts, locked_until, tries_left
from state.usecases.progress.read import ReadProgress
from state.usecases.verification.read import ReadVerification


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScreen:
    """What a chat shows of a call."""

    session_id: SessionId
    freelancer_id: FreelancerId
    chat_id: ChatId | None
    """The freelancer's current chat; None if there is none."""
    phase: Phase
    channel: Channel
    number: str
    """Masked."""
    code: str | None = field(repr=False)
    """In groups of digits; None once it can't be used any more."""
    tries_left: int
    cost_a_try: bool
    """A wrong code was entered in this session."""
    expires_at: datetime
    locked_until: datetime | None
    wait: WaitUntil | None
    """After the end: until when another call has to wait."""
    progress: Progress | None
    """After success: the progress now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCallScreen:
    """What the chat shows of a call, including its code; None if the session was erased."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(self, session_id: SessionId) -> CallScreen | None:
        verification = await self.unit.verifications.of_session(session_id)
        if verification is None or verification.session is None:
            return None
        session, now, rules = verification.session, self.clock.now(), self.policy.verification
        entries = await self.unit.ledger.about(
            session.person_key, session.number_key, since=now - counting_period(rules)
        )
        found = attempts(entries, session.person_key, session.number_key, now=now, policy=rules)
        chat = await self.unit.chats.of(session.freelancer_id)
        return CallScreen(
            session_id=session.id,
            freelancer_id=session.freelancer_id,
            chat_id=None if chat is None else chat.id,
            phase=session.phase,
            channel=session.channel,
            number=mask_number(session.number),
            code=self._code(session, now),
            tries_left=tries_left(found, now=now, policy=rules),
            cost_a_try=any(
                one.kind is LedgerKind.WRONG_CODE and one.session_id == session.id
                for one in entries
            ),
            expires_at=session.expires_at,
            locked_until=locked_until(found, now=now, policy=rules),
            wait=await self._wait(session),
            progress=await self._progress(session),
        )

    def _code(self, session: CallSession, now: datetime) -> str | None:
        """Only for calls: a code that the chat itself accepts must not be shown there."""
        if isinstance(session.phase, Ended) or now >= session.expires_at:
            return None
        if session.channel is not Channel.CALL:
            return None
        digits = self.policy.verification.code_digits
        return in_groups(code_of(self.peppers, session, digits=digits))

    async def _wait(self, session: CallSession) -> WaitUntil | None:
        if not isinstance(session.phase, Ended):
            return None
        read = ReadVerification(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
        )
        decision = (await read(session.freelancer_id)).decision
        return decision if isinstance(decision, WaitUntil) else None

    async def _progress(self, session: CallSession) -> Progress | None:
        phase = session.phase
        if not isinstance(phase, Ended) or phase.how is not Ending.VERIFIED:
            return None
        read = ReadProgress(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        found = await read(session.freelancer_id)
        return found if isinstance(found, Progress) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCode:
    """The code of a session that ended with success, otherwise None: it must stay secret."""

    unit: ReadUnit
    policy: Policy
    peppers: Peppers

    async def __call__(self, session_id: SessionId) -> str | None:
        verification = await self.unit.verifications.of_session(session_id)
        session = None if verification is None else verification.session
        if session is None or not isinstance(session.phase, Ended):
            return None
        if session.phase.how is not Ending.VERIFIED:
            return None
        return code_of(self.peppers, session, digits=self.policy.verification.code_digits)
