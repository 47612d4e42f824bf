"""Fake of the marketplace on localhost: serves accounts and receives events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateways.marketplace.client import CircuitBreaker, PlatformApi, ReadTimeouts
from bot.gateways.marketplace.webhooks import WebhookSender
from state import policy
from state.ports import Clock

TOKEN = "pull-token"
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQ="
PATIENCE = ReadTimeouts(total=2.0, per_try=0.3, tries=3, pause=0.01)
PLANS = frozenset(plan.id for plan in policy.shipped().plans)


@dataclass(slots=True)
class Service:
    """Serves the accounts it holds, or fails as `how` says."""

    accounts: dict[str, Any] = field(default_factory=dict)
    how: str = "well"
    failures: int = 1_000_000
    """Number of failures before it works again."""
    asked: list[str] = field(default_factory=list)
    events: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def give(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.raw_path)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        if (failure := await self._failure(request)) is not None:
            return failure
        account = self.accounts.get(request.match_info["id"])
        return web.json_response(account) if account else web.Response(status=404)

    async def take(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if (failure := await self._failure(request)) is not None:
            return failure
        self.events.append((dict(request.headers), body))
        return web.Response(status=204)

    async def _failure(self, request: web.Request) -> web.StreamResponse | None:
        if self.how == "well" or self.failures == 0:
            return None
        self.failures -= 1
        match self.how:
            case "hangs":
                await asyncio.sleep(60)
            case "breaks off":
                assert request.transport is not None
                request.transport.close()
            case "throttles":
                return web.Response(status=429, headers={"Retry-After": "7"})
            case "moves":
                return web.Response(status=302, headers={"Location": self.url})
            case status if status.isdigit():
                return web.Response(status=int(status))
            case _:
                pass
        return web.Response(body=self.how.encode("latin-1"), content_type="application/json")

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/freelancers/{id}", self.give), web.post("/events", self.take)])
        return app


@asynccontextmanager
async def serving() -> AsyncIterator[Service]:
    service = Service()
    async with TestServer(service.application(), shutdown_timeout=0) as server:
        service.url = f"http://127.0.0.1:{server.port}"
        yield service


def api_of(
    service: Service, clock: Clock, *, token: str = TOKEN, patience: ReadTimeouts = PATIENCE
) -> PlatformApi:
    return PlatformApi(
        base_url=service.url,
        token=token,
        plans=PLANS,
        circuit=CircuitBreaker(clock),
        patience=patience,
    )


def post_of(service: Service, clock: Clock) -> WebhookSender:
    return WebhookSender(url=f"{service.url}/events", secret=SECRET, clock=clock, seconds=0.3)
