"""Webhooks of the call provider: verifies requests and answers with the call's next words."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar, assert_never

from aiohttp import web

from bot.gateways.ports import (
    CallProvider,
    CallReport,
    CallStep,
    ClaimedCall,
    ForgedRequestError,
)
from bot.presentation.speech import Speaker
from bot.web.body import body_of
from state.model.channel import Channel
from state.model.verification import Prompt, Silence
from state.ports import Clock, StateError, Transact, UnitOfWork
from state.rules.call_events import Adopted, HungUp
from state.usecases.registry import MakeUseCases, UseCases
from state.usecases.verification.call_audit import record_event

T = TypeVar("T")


class DeadlineRunner:
    """Answer within `seconds`; work that takes longer finishes in the background.

    It is not cancelled, since its transaction may or may not be committed by then.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late: set[asyncio.Future[Any]] = set()

    async def wait_for(self, work: Awaitable[T]) -> T:
        """Result of the work; TimeoutError if it takes longer, while the work goes on."""
        running = asyncio.gather(work)
        self._late.add(running)
        running.add_done_callback(self._forget)
        done, _ = await asyncio.wait({running}, timeout=self._seconds)
        if not done:
            raise TimeoutError
        return running.result()[0]

    def _forget(self, late: asyncio.Future[Any]) -> None:
        self._late.discard(late)
        if not late.cancelled():
            late.exception()  # retrieved, so that asyncio doesn't log it as unhandled


log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Time limit of an answer, seconds; providers time out some seconds later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHooks:
    """Routes of the call provider's webhooks."""

    transact: Transact
    make_use_cases: MakeUseCases
    clock: Clock
    provider: CallProvider
    speaker: Speaker
    wake_outbox: Callable[[], None]
    patience: DeadlineRunner = field(default_factory=lambda: DeadlineRunner(PATIENCE))

    def routes(self) -> list[web.RouteDef]:
        return [web.post(path, self._take) for path in self.provider.paths]

    async def _take(self, request: web.Request) -> web.Response:
        await body_of(request)
        try:
            asked = await self.provider.read(request)
        except ForgedRequestError:
            log.warning("a call webhook with a wrong signature was refused")
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if not asked.call.own_account:
            # Our secret, but another account: recorded in the audit trail.
            await self.transact(
                lambda unit: self._is_ours(unit, self.make_use_cases(unit), asked.call)
            )
            return web.Response(status=HTTPStatus.FORBIDDEN)
        match asked:
            case CallStep():
                return await self._answer(asked)
            case CallReport():
                return await self._take_report(asked)
            case _:
                assert_never(asked)

    async def _answer(self, step: CallStep) -> web.Response:
        try:
            text = await self.patience.wait_for(self.transact(lambda unit: self._say(unit, step)))
        except (TimeoutError, StateError):
            log.warning("a call is asked to wait: the database is busy")
            text = self.provider.say(self.speaker.please_wait(step.tried), step)
        self.wake_outbox()
        kind = self.provider.content_type
        return web.Response(text=text, content_type=kind, charset="utf-8")

    async def _say(self, unit: UnitOfWork, step: CallStep) -> str:
        """Response to a step; a repeated turn gets the stored response and changes nothing."""
        session_id = step.call.session_id
        stored = await unit.provider_replies.get(session_id, step.turn)
        if stored is not None:
            return stored
        use = self.make_use_cases(unit)
        if not await self._is_ours(unit, use, step.call):
            return self._words(Silence(), step)
        text = self._words(await use.advance_call(session_id, step.happened), step)
        await unit.provider_replies.put(session_id, step.turn, text)
        return text

    def _words(self, prompt: Prompt, step: CallStep) -> str:
        return self.provider.say(self.speaker.speech(prompt), step)

    async def _is_ours(self, unit: UnitOfWork, use: UseCases, call: ClaimedCall) -> bool:
        """Whether the provider's call belongs to the session.

        A session without a known call adopts this one; a mismatch is recorded in the audit trail.
        """
        found = await unit.verifications.of_session(call.session_id)
        session = None if found is None else found.session
        if session is None or session.channel is not Channel.CALL:
            return False
        fits = {
            "account": call.own_account,
            "number": call.number == session.number,
            "call": session.provider_sid in (None, call.sid),
        }
        wrong = [name for name, it_fits in fits.items() if not it_fits]
        if wrong:
            log.warning("a call webhook does not fit its call: %s", ", ".join(wrong))
            await record_event(unit, session, "call.webhook_mismatch", self.clock.now(), *wrong)
            return False
        if session.provider_sid is None:
            await use.advance_call(session.id, Adopted(call.sid))
        return True

    async def _take_report(self, report: CallReport) -> web.Response:
        async def work(unit: UnitOfWork) -> None:
            use, call = self.make_use_cases(unit), report.call
            if not await self._is_ours(unit, use, call):
                return
            name, now = self.provider.name, self.clock.now()
            first = await unit.provider_replies.register_event(name, report.key, now)
            if first and report.ended is not None:
                await use.advance_call(call.session_id, HungUp(report.ended))

        await self.transact(work)
        self.wake_outbox()
        return web.Response(status=HTTPStatus.NO_CONTENT)
