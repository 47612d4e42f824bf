"""Requests to other systems go through the proxy that is set, and through no other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from bot.gateways.marketplace.client import platform_api
from bot.gateways.proxy import proxy_for
from bot.gateways.telegram.client import BotApi
from bot.gateways.telegram_gateway.client import telegram_gateway
from bot.gateways.twilio.client import TwilioCalls
from bot.settings import Settings, SettingsError
from state import policy
from state.model.account import FreelancerId
from tests.support.fakes import FakeClock
from tests.support.scenes import settings_for

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass(slots=True)
class Proxy:
    address: str = ""
    asked: list[str] = field(default_factory=list)
    """Request lines."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readline()).decode().strip())
        while (await reader.readline()).strip():
            pass
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def proxy() -> AsyncIterator[Proxy]:
    proxy = Proxy()
    server = await asyncio.start_server(proxy.answer, "127.0.0.1", 0)
    async with server:
        proxy.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def call_telegram(settings: Settings) -> None:
    proxy = proxy_for(settings.telegram_api, settings)
    async with BotApi(base_url=settings.telegram_api, token="42:x", proxy=proxy) as api:
        with pytest.raises(Exception, match="getMe"):
            await api.call("getMe")


async def call_twilio(settings: Settings) -> None:
    async with TwilioCalls(settings) as calls:
        await calls.status()


async def call_gateway(settings: Settings) -> None:
    channel = telegram_gateway(settings)
    assert channel is not None
    async with channel:
        await channel.revoke("1")


async def call_platform(settings: Settings) -> None:
    async with platform_api(settings, policy.shipped(), FakeClock()) as api:
        await api.read(FreelancerId("f-1"))


@pytest.mark.parametrize("call", [call_telegram, call_twilio, call_gateway, call_platform])
@pytest.mark.parametrize("how", ["setting", "environment"])
async def test_each_client_uses_the_proxy(
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[Settings], Awaitable[None]],
    how: str,
) -> None:
    there = "http://outside.example"
    given = {"proxy": proxy.address} if how == "setting" else {}
    monkeypatch.setenv("http_proxy", "" if given else proxy.address)
    settings = settings_for(
        "sqlite+aiosqlite:///x.db",
        telegram_api=there,
        twilio_api=there,
        gateway_api=there,
        gateway_token="t",
        platform_url=there,
        platform_token="t",
        **given,
    )

    await call(settings)

    assert proxy.asked[0].split(" ")[1].startswith(f"{there}/")


@pytest.mark.parametrize(
    ("url", "given", "environment", "found"),
    [
        ("https://a.example/x", {}, {}, None),
        ("https://a.example/x", {}, {"https_proxy": "http://p:1"}, "http://p:1"),
        ("https://a.example/x", {}, {"http_proxy": "http://p:1"}, None),
        ("https://a.example/x", {}, {"https_proxy": "p:1"}, "http://p:1"),
        ("https://a.example", {"proxy": "http://u:w@q:2"}, {"https_proxy": "http://p:1"},
         "http://u:w@q:2"),
        ("https://a.example/x", {"proxy": "http://q:2"}, {"no_proxy": ".example"}, None),
        ("http://127.0.0.1:8081", {"proxy": "http://q:2"}, {}, None),
        ("http://[::1]:8081", {"proxy": "http://q:2"}, {}, None),
        ("http://localhost", {"proxy": "http://q:2"}, {}, None),
    ],
)  # fmt: skip
def test_the_setting_overrides_the_environment_and_loopback_uses_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    given: dict[str, str],
    environment: dict[str, str],
    found: str | None,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert proxy_for(url, settings_for("sqlite+aiosqlite:///x.db", **given)) == found


def test_an_unsupported_proxy_scheme_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks5://p:1")

    with pytest.raises(SettingsError, match="https_proxy names a proxy of another kind"):
        proxy_for("https://a.example", settings_for("sqlite+aiosqlite:///x.db"))
