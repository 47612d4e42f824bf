import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.demo.errors import DemoError
from bot.demo.server import serve
from bot.demo.wiring import free_port
from state.ports import Clock
from tests.bot.demo.bench import until


@dataclass(slots=True)
class StubBot:
    """A bot of a few lines, told of the world by settings only."""

    accounts: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    @asynccontextmanager
    async def running(self, settings: dict[str, object], clock: Clock) -> AsyncIterator[None]:
        self.settings = dict(settings)
        app = web.Application()
        app.add_routes(
            [
                web.post("/telegram", self.update),
                web.put("/api/v1/freelancers/{id}", self.account),
                web.post("/api/v1/freelancers/{id}/link", self.link),
            ]
        )
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, self.settings["host"], self.settings["port"]).start()
        await self.call("setWebhook", url=self.settings["public_url"] + "/telegram")
        try:
            yield
        finally:
            await runner.cleanup()

    async def call(self, method: str, **arguments: Any) -> None:
        url = f"{self.settings['telegram_api']}/bot{self.settings['token']}/{method}"
        async with ClientSession() as http, http.post(url, json=arguments) as answer:
            assert answer.status == 200

    async def update(self, request: web.Request) -> web.Response:
        message = (await request.json())["message"]
        self.texts.append(message["text"])
        await self.call("sendMessage", chat_id=message["chat"]["id"], text="Hello")
        return web.Response()

    async def account(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {self.settings['api_tokens']}"
        self.accounts.append((await request.json())["id"])
        return web.json_response({})

    async def link(self, request: web.Request) -> web.Response:
        link = {"url": "https://t.me/x?start=tok-1", "code": "AB12", "expires_at": "2026-11-23"}
        return web.json_response(link, status=201)


async def test_the_demo_runs_page_bot_and_marketplace_together() -> None:
    bot, port, lines = StubBot(), free_port(), list[str]()
    demo = asyncio.ensure_future(serve(port, announce=lines.append, start_bot=bot.running))
    await until(lambda: "The bot is ready." in lines)

    async with ClientSession() as http:
        url = f"http://127.0.0.1:{port}/world/link"
        async with http.post(url, json={"person": "f-1001"}) as answer:
            link = await answer.json()
        await until(lambda: "/start tok-1" in bot.texts)
    demo.cancel()
    await asyncio.gather(demo, return_exceptions=True)

    assert link["code"] == "AB12"
    assert bot.texts.count("/start tok-1") == 1
    assert bot.accounts.count("f-1006") == 2
    assert "f-1013" not in bot.accounts


async def test_a_port_in_use_is_reported_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(DemoError) as refused:
            await serve(port, start_bot=StubBot().running)

    assert str(refused.value) == f"Port {port} is in use; choose another with --port."


async def test_a_bot_that_fails_to_start_is_reported_with_its_reason() -> None:
    @asynccontextmanager
    async def broken(settings: dict[str, object], clock: Clock) -> AsyncIterator[None]:
        fail()
        yield

    def fail() -> None:
        raise ExceptionGroup("several", [OSError("the disk is full")])

    with pytest.raises(DemoError, match="The bot stopped: the disk is full"):
        await serve(free_port(), start_bot=broken)


def test_the_page_is_served_before_the_bot_is_imported() -> None:
    code = "import sys, bot.demo.server; print('aiogram' in sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )

    assert loaded.stdout.strip() == "False", loaded.stderr
