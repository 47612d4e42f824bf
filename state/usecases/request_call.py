"""Ask for the call that verifies a number."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import (
    AlreadyVerified,
    CallDecision,
    CallSession,
    PlaceCall,
    Verification,
)
from state.model.work import CheckCall, DialNumber, ShowCall
from state.policy import Policy
from state.ports import AuditEvent, Clock, Dice, UnitOfWork
from state.rules.call_events import TimePassed
from state.rules.calling import call_decision
from state.rules.codes import Peppers
from state.rules.phone_number import NumberRefused, Reach, mask
from state.rules.verification import open_call, running
from state.usecases.call_effects import apply
from state.usecases.lanes import call_lane, chat_lane, check_lane
from state.usecases.number_in_use import (
    NoNumber,
    NumberInUse,
    number_in_use,
    verified_on_record,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCall:
    """Commits the session together with the code's message and the task to dial; dials nothing."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers
    reach: Reach

    async def __call__(
        self, freelancer_id: FreelancerId
    ) -> CallDecision | NumberRefused | NoNumber:
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, reach=self.reach
        )
        if not isinstance(found, NumberInUse):
            return found
        now = self.clock.now()
        verification = await self._settled(freelancer_id, now)
        since = await verified_on_record(
            self.unit, freelancer_id, found.number, policy=self.policy, reach=self.reach
        )
        if since is not None and running(verification) is None:
            return AlreadyVerified(since)
        history = await self.unit.verifications.history(freelancer_id, found.key, now)
        rules = self.policy.verification
        decision = call_decision(verification, found.key, history, now=now, policy=rules)
        if isinstance(decision, PlaceCall):
            await self._open(verification, found, now)
        return decision

    async def _settled(self, freelancer_id: FreelancerId, now: datetime) -> Verification:
        """A call that ran out of time, but was not looked at yet, must not be in the way."""
        verification = await self.unit.verifications.load(freelancer_id)
        if running(verification) is None:
            return verification
        await apply(self.unit, verification, TimePassed(), now=now, policy=self.policy)
        return await self.unit.verifications.load(freelancer_id)

    async def _open(self, verification: Verification, found: NumberInUse, now: datetime) -> None:
        opened = open_call(
            verification,
            session_id=self.dice.session_id(),
            number=found.number,
            number_key=found.key,
            seed=self.dice.seed(),
            pepper_id=self.peppers.current_id,
            now=now,
            policy=self.policy.verification,
        )
        await self.unit.verifications.save(opened)
        if opened.session is not None:
            await self._follow_up(opened.session, now)

    async def _follow_up(self, session: CallSession, now: datetime) -> None:
        chat = await self.unit.chats.of(session.freelancer_id)
        if chat is not None:
            await self.unit.outbox.add(
                ShowCall(session_id=session.id, fresh=True),
                lane=chat_lane(chat.id),
                key=f"show-call:{session.id}:fresh",
                due_at=now,
            )
        await self.unit.outbox.add(
            DialNumber(session_id=session.id),
            lane=call_lane(session.id),
            key=f"dial:{session.id}",
            due_at=now,
        )
        await self.unit.outbox.add(
            CheckCall(session_id=session.id),
            lane=check_lane(session.id),
            key=f"check-call:{session.id}:expiry",
            due_at=session.expires_at,
        )
        await self.unit.audit.add(
            AuditEvent(
                at=now,
                kind="call.requested",
                subject=session.freelancer_id,
                actor="chat",
                detail=mask(session.number),
            )
        )
