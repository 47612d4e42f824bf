"""Puts the demo's servers on loopback, with somebody to talk to and a bot's way of calling."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestServer

from bot.demo.events import Events, PageEvent
from bot.demo.phone.dialogue import CallPace
from bot.demo.phone.provider import PhoneProvider
from bot.demo.telegram.server import Telegram
from tests.support.fakes import FakeClock

TOKEN = "7000000001:test"
ADA = 7000001001
BEN = 7000001002
SID = "AC" + "0" * 32
AUTH_TOKEN = "test_auth_token"
CALLER = "+442071838750"
CALLED = "+447911123456"
FAST = CallPace(second=0.02, word=0)


class RecordedEvents(Events):
    def __init__(self) -> None:
        super().__init__()
        self.all: list[PageEvent] = []

    def publish(self, event: PageEvent) -> None:
        self.all.append(event)
        super().publish(event)


def basic(login: str = f"{SID}:{AUTH_TOKEN}") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for is the other end's affair
            await asyncio.sleep(0.005)


@dataclass(slots=True, kw_only=True)
class TelegramBench:
    telegram: Telegram
    http: ClientSession
    base: str
    clock: FakeClock
    events: RecordedEvents

    async def call(self, method: str, *, token: str = TOKEN, **arguments: Any) -> Any:
        async with self.http.post(f"{self.base}/bot{token}/{method}", json=arguments) as answer:
            return await answer.json()

    async def result(self, method: str, **arguments: Any) -> Any:
        body = await self.call(method, **arguments)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **arguments: Any) -> tuple[int, str]:
        body = await self.call(method, **arguments)
        assert not body["ok"], body
        return body["error_code"], body["description"]


@asynccontextmanager
async def telegram_bench(*, burst: int | None = None) -> AsyncIterator[TelegramBench]:
    """A local Telegram; Ada has started the bot, Ben has not."""
    clock, events = FakeClock(), RecordedEvents()
    telegram = Telegram(token=TOKEN, clock=clock, events=events, retry_pause=0.01, burst=burst)
    telegram.chats.add(
        {"id": ADA, "first_name": "Ada", "last_name": "Moreau", "language_code": "en"},
        phone="+12025550123",
    )
    telegram.chats.add({"id": BEN, "first_name": "Ben"}, phone="+442071838755")
    app = web.Application()
    app.add_routes(telegram.routes())
    async with telegram, TestServer(app) as server, ClientSession() as http:
        telegram.visitors.say(ADA, "/start")
        yield TelegramBench(
            telegram=telegram,
            http=http,
            base=f"http://127.0.0.1:{server.port}",
            clock=clock,
            events=events,
        )


@dataclass(slots=True)
class Scripted:
    """A bot's side of calls: answers each request with the next document, keeps what it got."""

    documents: dict[str, web.Response | str] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    statuses: list[dict[str, str]] = field(default_factory=list)

    async def voice(self, request: web.Request) -> web.Response:
        posted = await request.post()
        self.requests.append({name: str(value) for name, value in posted.items()})
        self.signatures.append(request.headers["X-Twilio-Signature"])
        document = self.documents[request.match_info["name"]]
        if isinstance(document, web.Response):
            return document
        return web.Response(text=f"<Response>{document}</Response>", content_type="text/xml")

    async def status(self, request: web.Request) -> web.Response:
        posted = await request.post()
        self.statuses.append({name: str(value) for name, value in posted.items()})
        return web.Response(status=204)


@dataclass(slots=True, kw_only=True)
class PhoneBench:
    provider: PhoneProvider
    bot: Scripted
    http: ClientSession
    calls_url: str
    bot_url: str

    def order(self, **changes: str) -> dict[str, str]:
        return {
            "To": CALLED,
            "From": CALLER,
            "Url": f"{self.bot_url}/voice/first",
            "StatusCallback": f"{self.bot_url}/status",
            **changes,
        }

    async def place(self, **changes: str) -> dict[str, Any]:
        form = FormData(list(self.order(**changes).items()))
        for event in ("initiated", "ringing", "answered", "completed"):
            form.add_field("StatusCallbackEvent", event)
        status, body = await self.post(self.calls_url, form)
        assert status == 201, body
        return dict(body)

    async def post(self, url: str, form: Any, *, login: str = f"{SID}:{AUTH_TOKEN}") -> Any:
        async with self.http.post(url, data=form, headers=basic(login)) as answer:
            return answer.status, await answer.json()

    async def ringing(self, **changes: str) -> str:
        """Place a call and wait until it rings; its sid."""
        sid: str = (await self.place(**changes))["sid"]
        await until(lambda: self.provider.calls[sid].status == "ringing")
        return sid

    async def answered(self, **changes: str) -> str:
        sid = await self.ringing(**changes)
        self.provider.calls[sid].line.answer()
        return sid

    async def ended(self, sid: str) -> str:
        """Wait for the end and for its report; how it ended."""
        await until(lambda: self.bot.statuses and self.bot.statuses[-1]["SequenceNumber"] >= "2")
        await until(lambda: not self.provider.calls[sid].active)
        await until(lambda: self.bot.statuses[-1]["CallStatus"] not in {"ringing", "in-progress"})
        return self.provider.calls[sid].status


@asynccontextmanager
async def phone_bench(**documents: web.Response | str) -> AsyncIterator[PhoneBench]:
    bot = Scripted(documents=dict(documents))
    bot_app = web.Application()
    bot_app.add_routes([web.post("/voice/{name}", bot.voice), web.post("/status", bot.status)])
    provider = PhoneProvider(
        account_sid=SID,
        auth_token=AUTH_TOKEN,
        numbers=frozenset({CALLER}),
        clock=FakeClock(),
        pace=FAST,
        refuse={"+12025550199": (400, 21215)},
    )
    app = web.Application()
    app.add_routes(provider.routes())
    async with (
        provider,
        TestServer(app) as server,
        TestServer(bot_app) as bot_server,
        ClientSession() as http,
    ):
        yield PhoneBench(
            provider=provider,
            bot=bot,
            http=http,
            calls_url=f"http://127.0.0.1:{server.port}/2010-04-01/Accounts/{SID}/Calls.json",
            bot_url=f"http://127.0.0.1:{bot_server.port}",
        )
