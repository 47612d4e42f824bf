"""Telegram in bad weather, a balancer in front of several bots, and the bots' processes."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.test_utils import TestServer

from bot.demo.clock import DemoClock
from bot.demo.events import Events, PageEvent
from bot.demo.telegram.server import Telegram
from tests.chaos.failing_bot_api import Weather

TOKEN = "7000000001:chaos"
SECRET = "chaos"
HERE = "http://127.0.0.1"


class Sent(Events):
    """First lines of what the bot sent, by chat; everything else is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.by_chat: dict[int, list[str]] = {}

    def publish(self, event: PageEvent) -> None:
        if event["type"] == "message" and event["message"]["from"]["is_bot"]:
            line = str(event["message"]["text"]).partition("\n")[0]
            self.by_chat.setdefault(event["chat"], []).append(line)
        super().publish(event)


@dataclass(slots=True, kw_only=True)
class World:
    clock: DemoClock
    telegram: Telegram
    sent: Sent
    weather: Weather
    http: ClientSession
    ports: list[int]
    """Where the bots listen."""
    port: int = 0
    """Of the Bot API."""
    door_port: int = 0
    """Of the balancer."""

    def settings(
        self, database_url: str, articles: Path, *, port: int, polling: bool
    ) -> dict[str, object]:
        """Limits of sends are lifted: this is about what is lost, not about how fast."""
        pushed = {"public_url": f"{HERE}:{self.door_port}", "webhook_secret": SECRET, "port": port}
        return {
            "token": TOKEN,
            "telegram_api": f"{HERE}:{self.port}",
            "database_url": database_url,
            "peppers": "chaos:" + "ab" * 32,
            "articles": articles,
            "answers": "words",
            "send_rate": 0,
            "send_rate_chat": 0,
            "read_rate": 0,
            "read_rate_person": 0,
            "reply_delay": 0,
            **({} if polling else pushed),
        }

    def arrive(self, chat: int) -> None:
        user = {"id": chat, "first_name": f"Person {chat}", "language_code": "en"}
        self.telegram.chats.add(user, phone="")

    def told(self, chat: int) -> list[str]:
        """First lines of all that the bot ever sent there, as it was sent."""
        return self.sent.by_chat.get(chat, [])

    async def forward(self, request: web.Request) -> web.Response:
        """To the next bot that is there; Telegram repeats what none took."""
        self.ports.append(self.ports.pop(0))
        body, headers = await request.read(), dict(request.headers)
        for port in tuple(self.ports):
            url = f"{HERE}:{port}{request.raw_path}"
            try:
                async with self.http.request(
                    request.method, url, data=body, headers=headers
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except (ClientError, TimeoutError):
                continue
        return web.Response(status=502)


@asynccontextmanager
async def opened_world(weather: Weather, ports: list[int]) -> AsyncIterator[World]:
    clock, sent = DemoClock(), Sent()
    telegram = Telegram(token=TOKEN, clock=clock, events=sent, retry_pause=0.05)
    async with AsyncExitStack() as stack:
        connector = TCPConnector(force_close=True, limit=0)
        http = await stack.enter_async_context(
            ClientSession(connector=connector, timeout=ClientTimeout(total=20))
        )
        world = World(
            clock=clock,
            telegram=telegram,
            sent=sent,
            weather=weather,
            http=http,
            ports=ports,
        )
        door = web.Application()
        door.router.add_route("*", "/{path:.*}", world.forward)
        api = web.Application(middlewares=[weather.watch])
        api.add_routes(telegram.routes())
        world.door_port = (await stack.enter_async_context(TestServer(door))).port or 0
        world.port = (await stack.enter_async_context(TestServer(api))).port or 0
        await stack.enter_async_context(telegram)
        yield world
