"""A call provider's client between two real servers: its provider's side, and a scripted desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.build import call_provider
from bot.gateways.ports import (
    CallProvider,
    CallReport,
    CallStep,
    ForgedRequestError,
    PlacementResult,
)
from bot.presentation.speech import Awaited, Speech
from bot.settings import PREFIX
from state.model.verification import SessionId
from tests.support.provider_protocols import Door, Telephone, Wire
from tests.support.scenes import settings_for

SESSION = SessionId("a" * 32)
NUMBER = "+12025550123"
GREETING = Speech("Press the hash key & wait.", Awaited.KEY, 6)


@dataclass(slots=True, kw_only=True)
class ProviderDesk:
    wire: Wire
    provider: CallProvider
    door: Door
    asked: list[CallStep | CallReport] = field(default_factory=list)
    """What the provider's requests were read as."""
    script: list[Speech] = field(default_factory=lambda: [GREETING])
    """What is said next; the last one again and again."""

    async def place(self) -> PlacementResult:
        return await self.provider.place(SESSION, NUMBER)

    async def ringing(self, *script: Speech) -> Telephone:
        """A call that was placed, and will hear these."""
        await self.place()
        self.script[:] = script or self.script
        return self.wire.phone(self.door, _nothing_follows)

    def step(self, number: int) -> CallStep:
        found = self.asked[number]
        assert isinstance(found, CallStep)
        return found

    async def take(self, request: web.Request) -> web.Response:
        try:
            found = await self.provider.read(request)
        except ForgedRequestError:
            return web.Response(status=403)
        self.asked.append(found)
        if isinstance(found, CallReport):
            return web.Response(status=204)
        speech = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        text = self.provider.say(speech, found)
        return web.Response(text=text, content_type=self.provider.content_type)


async def _nothing_follows() -> None:
    """The desk answers at once."""


def wire_settings(wire: Wire, address: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Settings with the wire's, some of which only the environment can hold."""
    own = wire.settings(address)
    for name, value in own.items():
        monkeypatch.setenv(PREFIX + name.upper(), str(value))
    return {**own, "voice": wire.voice}


@asynccontextmanager
async def opened_desk(
    wire: Wire, address: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ProviderDesk]:
    """`address`: where the provider's side is."""
    settings = settings_for("sqlite+aiosqlite://", **wire_settings(wire, address, monkeypatch))
    provider = call_provider(settings, wire.providers)
    assert provider is not None
    async with provider:
        app = web.Application()
        door = TestClient(TestServer(app))
        desk = ProviderDesk(wire=wire, provider=provider, door=door)
        app.add_routes([web.post(path, desk.take) for path in provider.paths])
        async with door:
            yield desk
