"""Everything around a bot process, on loopback, with a way to strike at a chosen moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.test_utils import TestServer

from bot.demo.clock import DemoClock
from bot.demo.phone.dialogue import CallPace
from bot.demo.phone.provider import PhoneProvider
from bot.demo.telegram.server import Telegram
from bot.demo.wiring import free_port
from tests.bot.demo.bench import RecordedEvents
from tests.support.chat import API_TOKEN
from tests.support.phone import AUTH_TOKEN, CALLER, SID
from tests.support.scenes import WEBHOOK_SECRET, changed_policy, few_articles

TOKEN = "7000000001:test"
BETWEEN_TRIES = 0.2
HOOKS = "/hooks/"

Strike = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Moments:
    """What passes by outside, by name; whoever armed one strikes while it is held up."""

    strikes: dict[str, Strike] = field(default_factory=dict)

    async def pass_by(self, name: str) -> bool:
        """Whether somebody struck."""
        strike = self.strikes.pop(name, None)
        if strike is not None:
            await strike()
        return strike is not None

    @contextmanager
    def armed(self, name: str, strike: Strike) -> Iterator[None]:
        self.strikes[name] = strike
        yield
        self.strikes.pop(name, None)


@dataclass(slots=True, kw_only=True)
class Outside:
    telegram: Telegram
    provider: PhoneProvider
    events: RecordedEvents
    moments: Moments
    http: ClientSession
    clock: DemoClock
    bot_port: int
    port: int = 0
    """Of the Bot API and the provider's."""
    door_port: int = 0
    """Of what stands in front of the bot, as a balancer would."""

    def settings(self, database_url: str, folder: Path, **changes: object) -> dict[str, object]:
        world = f"http://127.0.0.1:{self.port}"
        return {
            "token": TOKEN,
            "telegram_api": world,
            "database_url": database_url,
            "public_url": f"http://127.0.0.1:{self.door_port}",
            "port": self.bot_port,
            "webhook_secret": WEBHOOK_SECRET,
            "peppers": "test:" + "ab" * 32,
            "api_tokens": API_TOKEN,
            "voice": "twilio",
            "twilio_api": world,
            "twilio_account_sid": SID,
            "twilio_auth_token": AUTH_TOKEN,
            "twilio_from": CALLER,
            "call_regions": "US,GB,GG,DE",
            "policy": impatient_policy(folder),
            "articles": few_articles(folder / "articles"),
            "send_rate": 0,
            "send_rate_chat": 0,
            "read_rate": 0,
            "read_rate_person": 0,
            "reply_delay": 0,
            **changes,
        }

    async def ask_bot(self, method: str, path: str, body: bytes | Any, headers: Any) -> Any:
        """Status, headers that matter, and body; asked again until somebody answers."""
        while True:
            with suppress(ClientError, TimeoutError):
                return await self._ask_once(method, path, body, headers)
            await asyncio.sleep(BETWEEN_TRIES)

    async def _ask_once(self, method: str, path: str, body: Any, headers: Any) -> Any:
        url = f"http://127.0.0.1:{self.bot_port}{path}"
        async with self.http.request(method, url, data=body, headers=headers) as answer:
            return answer.status, answer.content_type, await answer.read()

    async def forward(self, request: web.Request) -> web.Response:
        """Telegram repeats what fails; a call can't, so that is repeated here."""
        is_hook = request.path.startswith(HOOKS)
        name = request.path.split("/")[3] if is_hook else "update"
        body, headers = await request.read(), dict(request.headers)
        await self.moments.pass_by(name)
        ask = self.ask_bot if is_hook else self._ask_once
        try:
            status, kind, text = await ask(request.method, request.raw_path, body, headers)
            if await self.moments.pass_by(f"{name} answered"):  # and the answer was lost
                status, kind, text = await ask(request.method, request.raw_path, body, headers)
        except (ClientError, TimeoutError):
            return web.Response(status=502)
        return web.Response(status=status, content_type=kind, body=text)

    @web.middleware
    async def watch(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """What was asked is done, but the bot has not heard of it yet."""
        answer = await handler(request)
        await self.moments.pass_by(request.path.rpartition("/")[2])
        return answer


def impatient_policy(folder: Path) -> Path:
    """The shipped one, for people who call again and again."""
    return changed_policy(
        folder,
        place_timeout_seconds=5,
        call_pause_seconds=1,
        calls_per_number=100,
        calls_per_freelancer=100,
        calls_per_block=10_000,
        calls_per_region=10_000,
    )


@asynccontextmanager
async def opened_outside() -> AsyncIterator[Outside]:
    clock, events = DemoClock(), RecordedEvents()
    telegram = Telegram(token=TOKEN, clock=clock, events=events, retry_pause=0.02)
    provider = PhoneProvider(
        account_sid=SID,
        auth_token=AUTH_TOKEN,
        numbers=frozenset({CALLER}),
        clock=clock,
        pace=CallPace(second=1, word=0),
    )
    async with AsyncExitStack() as stack:
        # A connection of its own for each request: none is left over from a bot that is gone.
        connector = TCPConnector(force_close=True)
        http = await stack.enter_async_context(
            ClientSession(connector=connector, timeout=ClientTimeout(total=10))
        )
        outside = Outside(
            telegram=telegram,
            provider=provider,
            events=events,
            moments=Moments(),
            http=http,
            clock=clock,
            bot_port=free_port(),
        )
        door = web.Application()
        door.router.add_route("*", "/{path:.*}", outside.forward)
        world = web.Application(middlewares=[outside.watch])
        world.add_routes([*telegram.routes(), *provider.routes()])
        outside.door_port = (await stack.enter_async_context(TestServer(door))).port or 0
        outside.port = (await stack.enter_async_context(TestServer(world))).port or 0
        await stack.enter_async_context(telegram)
        await stack.enter_async_context(provider)
        yield outside
