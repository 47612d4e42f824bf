"""Health checks and metrics, for orchestrators and Prometheus, on an internal port."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.telemetry.monitor import Monitor
from state.ports import Backlog

Trouble = Callable[[], Awaitable[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Routes of liveness, readiness and metrics."""

    monitor: Monitor
    database_trouble: Trouble
    """Fault of the database, or None; must not raise, and must return quickly."""
    backlog: Callable[[], Awaitable[Backlog]]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/health/live", self._live),
            web.get("/health/ready", self._ready),
            web.get("/metrics", self._metrics),
        ]

    async def _live(self, _: web.Request) -> web.Response:
        """Liveness: an answer shows that the event loop runs."""
        return web.json_response({"alive": True})

    async def _ready(self, _: web.Request) -> web.Response:
        troubles = self.monitor.troubles()
        if trouble := await self.database_trouble():
            troubles.append(trouble)
        status = HTTPStatus.SERVICE_UNAVAILABLE if troubles else HTTPStatus.OK
        return web.json_response({"ready": not troubles, "troubles": troubles}, status=status)

    async def _metrics(self, _: web.Request) -> web.Response:
        """Prometheus metrics; served even if the database is down."""
        metrics = self.monitor.metrics
        is_up = await self.database_trouble() is None
        metrics.database_up.set(is_up)
        if is_up:
            metrics.set_backlog(await self.backlog(), self.monitor.clock.now())
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
