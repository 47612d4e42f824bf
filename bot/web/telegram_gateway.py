"""The Telegram Gateway's door: signed reports on messages that hold a code."""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.gateways.telegram_gateway.reports import (
    ROUTE,
    DeliveryReport,
    read_report,
    report_signature,
)
from bot.web.body import body_of
from state.model.channel import Channel, Reached
from state.model.verification import Ending
from state.ports import Clock, Transact, UnitOfWork
from state.rules.call_events import Adopted, CallEvent, HungUp, MessageReached
from state.usecases.registry import Provide

log = logging.getLogger(__name__)

PROVIDER = "telegram_gateway"
OLDEST = 300
"""Seconds that a report may be off our clock, either way."""
_MEANINGS: Mapping[str, CallEvent] = {
    "sent": MessageReached(Reached.SENT),
    "delivered": MessageReached(Reached.DELIVERED),
    "read": MessageReached(Reached.READ),
    "expired": HungUp(Ending.NOT_DELIVERED),
}
"""What we revoke ourselves is no news, and what is not known yet is none either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayHook:
    """The route and what it needs."""

    transact: Transact
    provide: Provide
    clock: Clock
    token: str
    committed: Callable[[], None]

    def routes(self) -> list[web.RouteDef]:
        return [web.post(ROUTE, self.take_report)]

    async def take_report(self, request: web.Request) -> web.Response:
        """Only 200 is an acknowledgement; whatever is signed gets it, so that it comes once."""
        body = await body_of(request)
        if not self._is_signed(request, body):
            log.warning("a Gateway report with a wrong signature was refused")
            return web.Response(status=HTTPStatus.FORBIDDEN)
        report = read_report(body)
        if report is not None:
            await self.transact(lambda unit: self._take(unit, report))
            self.committed()
        return web.Response()

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        timestamp = request.headers.get("X-Request-Timestamp", "")
        given = request.headers.get("X-Request-Signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < len(f"{10**12}")):
            return False
        expected = report_signature(self.token, timestamp, body)
        matches = hmac.compare_digest(given.encode(errors="replace"), expected.encode())
        return matches and abs(self.clock.now().timestamp() - int(timestamp)) <= OLDEST

    async def _take(self, unit: UnitOfWork, report: DeliveryReport) -> None:
        session_id = report.session_id
        found = await unit.verifications.of_session(session_id)
        session = None if found is None else found.session
        if session is None or session.channel is not Channel.GATEWAY:
            return
        event = f"{report.request_id}:{report.status}:{report.updated_at}"
        if not await unit.answers.first_time(PROVIDER, event, self.clock.now()):
            return
        use = self.provide(unit)
        if session.provider_sid is None:
            await use.advance_call(session_id, Adopted(report.request_id))
        elif session.provider_sid != report.request_id:
            return
        if report.status in _MEANINGS:
            await use.advance_call(session_id, _MEANINGS[report.status])
