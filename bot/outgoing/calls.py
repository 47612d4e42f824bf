"""Delivers calls and code messages: requests each once, and ends it when it is over."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from bot.gateways.ports import (
    Accepted,
    CallProvider,
    CodeChannel,
    NotKnown,
    NotPlaced,
    PlacementResult,
    Throttled,
)
from bot.outgoing.results import Delivered, DeliveryResult, TryLater
from state.model.channel import Channel
from state.model.verification import Ended, Ending, SessionId
from state.model.work import DialNumber, HangUp
from state.ports import Clock
from state.rules import call_events
from state.usecases.registry import Records
from state.usecases.verification.run_call import CallToPlace

log = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDeliveries:
    """Deliveries to call provider and code channel."""

    records: Records
    clock: Clock
    calls: CallProvider | None
    codes: CodeChannel | None

    async def dial(self, task: DialNumber, tries: int = 0) -> DeliveryResult:
        """Request the call or message of a session, at most once.

        The claim is committed before the request, so that a crash never dials a session twice.
        """
        to_place = await self.records.use(lambda use: use.claim_call(task.session_id))
        if to_place is None:
            return Delivered()
        placement = await self._place(to_place)
        match placement:
            case Accepted(sid):
                await self._happened(task.session_id, call_events.Placed(sid))
                return await self._end_if_over(task.session_id, sid, to_place.channel)
            case NotPlaced(how, detail):
                log.error("a call was refused by the provider: %s", detail)
                await self._happened(task.session_id, call_events.PlaceFailed(how))
            case Throttled(seconds):
                await self._happened(task.session_id, call_events.Deferred())
                asked = _pause(tries) if seconds is None else timedelta(seconds=seconds)
                return TryLater("the call provider has no room", asked)
            case NotKnown():
                log.warning("whether a call was placed is not known; its callback will tell")
            case _:
                assert_never(placement)
        return Delivered()

    async def _place(self, to_place: CallToPlace) -> PlacementResult:
        if to_place.channel is Channel.CALL and self.calls is not None:
            return await self.calls.place(to_place.session_id, to_place.number)
        if self.codes is not None and to_place.code is not None:
            left = to_place.expires_at - self.clock.now()
            return await self.codes.send(
                to_place.session_id,
                to_place.number,
                to_place.code,
                seconds=int(left.total_seconds()),
            )
        return NotPlaced(Ending.PROVIDER_FAILED, f"no {to_place.channel} in the settings any more")

    async def _end_if_over(
        self, session_id: SessionId, sid: str, channel: Channel
    ) -> DeliveryResult:
        """End the call if it was cancelled or erased while it was being requested."""
        found = await self.records.read(lambda unit: unit.verifications.of_session(session_id))
        session = None if found is None else found.session
        if session is not None and not isinstance(session.phase, Ended):
            return Delivered()
        if not await self._end(channel, session_id, sid):
            log.warning("a call that was cancelled could not be ended; it hears nothing")
        return Delivered()

    async def hang_up(self, task: HangUp) -> DeliveryResult:
        """End a call, or close a message: report its code as used, or revoke it."""
        found = await self.records.read(
            lambda unit: unit.verifications.of_session(task.session_id)
        )
        session = None if found is None else found.session
        sid = task.sid if session is None else session.provider_sid
        channel = task.channel if session is None else session.channel
        if sid is None or await self._end(channel, task.session_id, sid):
            return Delivered()
        return TryLater("the call provider didn't answer")

    async def _end(self, channel: Channel, session_id: SessionId, sid: str) -> bool:
        match channel:
            case Channel.CALL:
                return self.calls is None or await self.calls.end(sid)
            case Channel.GATEWAY:
                return self.codes is None or await self._close(self.codes, session_id, sid)
            case _:
                assert_never(channel)

    async def _close(self, codes: CodeChannel, session_id: SessionId, sid: str) -> bool:
        code = await self.records.ask(lambda use: use.read_code(session_id))
        return await (codes.revoke(sid) if code is None else codes.count(sid, code))

    async def _happened(self, session_id: SessionId, event: call_events.CallEvent) -> None:
        await self.records.use(lambda use: use.advance_call(session_id, event))


def _pause(tries: int) -> timedelta:
    """Back-off: 2, 4, 8 … seconds, at most a minute."""
    return min(timedelta(seconds=2 ** (min(tries, 6) + 1)), LONGEST_PAUSE)
