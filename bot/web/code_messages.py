"""Webhook of delivery reports about code messages."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.gateways.ports import CodeChannel, ForgedRequestError, MessageReport
from bot.web.body import body_of
from state.model.channel import Channel
from state.ports import Clock, Transact, UnitOfWork
from state.rules.call_events import Adopted
from state.usecases.registry import MakeUseCases

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHook:
    """Route of the code channel's webhook."""

    transact: Transact
    make_use_cases: MakeUseCases
    clock: Clock
    channel: CodeChannel
    wake_outbox: Callable[[], None]

    def routes(self) -> list[web.RouteDef]:
        return [web.post(self.channel.path, self.take_report)]

    async def take_report(self, request: web.Request) -> web.Response:
        """Handle a report; any validly signed one gets 200, so that it is not repeated."""
        await body_of(request)
        try:
            report = await self.channel.read(request, self.clock.now())
        except ForgedRequestError:
            log.warning("a report on a code with a wrong signature was refused")
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if report is not None:
            await self.transact(lambda unit: self._take(unit, report))
            self.wake_outbox()
        return web.Response()

    async def _take(self, unit: UnitOfWork, report: MessageReport) -> None:
        found = await unit.verifications.of_session(report.session_id)
        session = None if found is None else found.session
        if session is None or session.channel is not Channel.GATEWAY:
            return
        if not await unit.provider_replies.register_event(
            self.channel.name, report.key, self.clock.now()
        ):
            return
        use = self.make_use_cases(unit)
        if session.provider_sid is None:
            await use.advance_call(session.id, Adopted(report.sid))
        elif session.provider_sid != report.sid:
            return
        if report.happened is not None:
            await use.advance_call(session.id, report.happened)
