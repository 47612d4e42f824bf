"""Request the call that verifies a number, or cancel it."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.alarm import Alarm
from state.model.channel import Channel
from state.model.destination import Destination
from state.model.ledger import Attempts, CallHistory, LedgerEntry, LedgerKind
from state.model.verification import (
    AlreadyVerified,
    CallDecision,
    CallSession,
    PlaceCall,
    Reason,
    Verification,
    WaitUntil,
)
from state.model.work import CheckCall, DialNumber, ShowCall
from state.policy import Policy
from state.ports import AuditEvent, Clock, Dice, UnitOfWork
from state.rules.call_events import TimePassed
from state.rules.calling import call_decision
from state.rules.codes import Peppers, person_key
from state.rules.phone_number import CallableNumbers, NumberRefused, mask_number
from state.rules.verification import open_call, running
from state.usecases.lanes import alert, call_lane, chat_lane, check_lane
from state.usecases.verification.call_effects import apply_event, cancel_call
from state.usecases.verification.number_in_use import NoNumber, number_in_use, verified_on_record
from state.usecases.verification.read_attempts import history_of

ALARMS = {
    Reason.CALLS_OF_DESK: Alarm.CALLS_OF_DESK,
    Reason.CALLS_PER_BLOCK: Alarm.CALLS_PER_BLOCK,
    Reason.CALLS_PER_REGION: Alarm.CALLS_PER_REGION,
}
"""Limits that one person alone cannot reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCall:
    """Decide on a call and queue it: session, chat message and the task to place it."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(
        self, freelancer_id: FreelancerId, channel: Channel = Channel.CALL
    ) -> CallDecision | NumberRefused | NoNumber:
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, callable_numbers=self.callable_numbers
        )
        if not isinstance(found, Destination):
            return found
        now = self.clock.now()
        verification = await self._settled(freelancer_id, found, now)
        since = await verified_on_record(
            self.unit,
            freelancer_id,
            found.number,
            policy=self.policy,
            callable_numbers=self.callable_numbers,
        )
        if since is not None and running(verification) is None:
            return AlreadyVerified(since)
        history = await history_of(
            self.unit,
            freelancer_id,
            found,
            peppers=self.peppers,
            now=now,
            policy=self.policy.verification,
        )
        decision = self._decide(verification, found, history, now)
        if isinstance(decision, PlaceCall):
            await self._open(verification, history.attempts, found, channel, now)
        if isinstance(decision, WaitUntil):
            await self._alarm(decision, found, now)
        return decision

    async def _settled(
        self, freelancer_id: FreelancerId, to: Destination, now: datetime
    ) -> Verification:
        """The verification, after ending timed-out calls that would block this one."""
        verification = await self.unit.verifications.load(freelancer_id)
        rival = await self.unit.verifications.with_active_call(to.key)
        if rival is not None and rival.freelancer_id != freelancer_id:
            await apply_event(self.unit, rival, TimePassed(), now=now, policy=self.policy)
        if running(verification) is None:
            return verification
        await apply_event(self.unit, verification, TimePassed(), now=now, policy=self.policy)
        return await self.unit.verifications.load(freelancer_id)

    def _decide(
        self, verification: Verification, to: Destination, history: CallHistory, now: datetime
    ) -> CallDecision:
        return call_decision(
            verification,
            to.key,
            history,
            now=now,
            policy=self.policy.verification,
            steady=self.clock.is_steady(),
        )

    async def _alarm(self, decision: WaitUntil, to: Destination, now: datetime) -> None:
        if decision.why in ALARMS:
            about = "" if decision.why is Reason.CALLS_OF_DESK else to.region
            await alert(self.unit, ALARMS[decision.why], now=now, about=about)
        if not self.clock.is_steady():
            await alert(self.unit, Alarm.CLOCK, now=now)

    async def _open(
        self,
        verification: Verification,
        attempts: Attempts,
        to: Destination,
        channel: Channel,
        now: datetime,
    ) -> None:
        opened = open_call(
            verification,
            session_id=self.dice.session_id(),
            person=person_key(self.peppers, verification.freelancer_id),
            attempts=attempts,
            to=to,
            channel=channel,
            seed=self.dice.seed(),
            pepper_id=self.peppers.current_id,
            now=now,
            policy=self.policy.verification,
        )
        # The number may have been stored unkeyed, without a pepper or outside the regions served.
        await self.unit.numbers.set_current(verification.freelancer_id, to.number, to.key, now)
        await self.unit.verifications.save(opened)
        if opened.session is not None:
            await self._count(opened.session, to)
            await self._follow_up(opened.session, now)

    async def _count(self, session: CallSession, to: Destination) -> None:
        await self.unit.ledger.add(
            LedgerEntry(
                at=session.opened_at,
                kind=LedgerKind.ASKED,
                person=session.person_key,
                number=to.key,
                session_id=session.id,
                block=to.block,
                region=to.region,
            )
        )

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
                detail=mask_number(session.number),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCall:
    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> bool:
        """Cancel the running call; False if there is none."""
        return await cancel_call(
            self.unit, freelancer_id, now=self.clock.now(), policy=self.policy
        )
