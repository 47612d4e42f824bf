"""Fake of the SIP provider's side: receives call requests, and the phone that rings."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientResponse, web

from bot.build import CALL_PROVIDERS
from bot.gateways.ports import CallProviders
from tests.support.provider_protocols import Door, Outcome
from tests.support.sip.calls import SipCalls, signature

SECRET, CALLER = "sip-secret", "+442071838751"
_ANSWERS: dict[Outcome, tuple[int, Any]] = {
    Outcome.NUMBER_REFUSED: (422, {"refused": "number"}),
    Outcome.REGION_REFUSED: (422, {"refused": "region"}),
    Outcome.LOGIN_REFUSED: (401, {}),
    Outcome.NO_ROOM: (429, {"seconds": 7}),
    Outcome.BROKEN: (500, {}),
}


@dataclass(slots=True)
class SipWire:
    orders: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)
    providers: CallProviders = field(default_factory=lambda: {**CALL_PROVIDERS, "sip": SipCalls})
    voice: str = "sip"

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/calls", self._create), web.delete("/calls/{sid}", self._end)])
        return app

    def settings(self, address: str) -> dict[str, object]:
        return {"sip_url": address, "sip_secret": SECRET, "sip_caller": CALLER}

    def will_be(self, outcome: Outcome) -> None:
        self.answers.append(_ANSWERS[outcome])

    def phone(self, door: Door, settle: Callable[[], Awaitable[None]]) -> "SipPhone":
        sid = f"sip-{len(self.orders)}"
        return SipPhone(door=door, order=self.orders[-1], sid=sid, settle=settle)

    async def _create(self, request: web.Request) -> web.Response:
        self.orders.append(await request.json())
        return self._answer(202, {"call": f"sip-{len(self.orders)}"})

    async def _end(self, request: web.Request) -> web.Response:
        if not self.answers:
            self.hung_up.append(request.match_info["sid"])
        return self._answer(200, {})

    def _answer(self, status: int, body: Any) -> web.Response:
        status, body = self.answers.pop(0) if self.answers else (status, body)
        return web.json_response(body, status=status)


@dataclass(frozen=True, slots=True)
class SipSaid:
    answer: dict[str, Any]

    @property
    def words(self) -> str:
        return str(self.answer["say"])

    @property
    def goes_on(self) -> bool:
        return bool(self.answer["listen"] or self.answer["again"])


@dataclass(slots=True, kw_only=True)
class SipPhone:
    door: Door
    order: dict[str, str]
    sid: str
    settle: Callable[[], Awaitable[None]]
    heard: SipSaid = SipSaid({"turn": 0, "tried": 0, "listen": None})
    last: tuple[bytes, bytes] = (b"", b"")
    """Body and response of the last callback."""

    async def pick_up(self) -> SipSaid:
        return await self._ask()

    async def key(self, digits: str) -> SipSaid:
        return await self._ask(keys=digits)

    async def speak(self, words: str, *, confidence: float = 0.9) -> SipSaid:
        return await self._ask(words=words, confidence=confidence)

    async def wait_a_moment(self) -> SipSaid:
        return await self._ask()

    async def report(self, status: str) -> int:
        answer = await self._post(self._body(state=status))
        await self.settle()
        return answer.status

    async def repeat(self) -> tuple[bytes, bytes]:
        body, answered = self.last
        return answered, await (await self._post(body)).read()

    async def forge(self) -> int:
        return (await self._post(self._step(), secret="another secret")).status

    async def _ask(self, **heard: Any) -> SipSaid:
        body = self._step(**heard)
        answer = await self._post(body)
        assert answer.status == 200, await answer.text()
        self.last = (body, await answer.read())
        self.heard = SipSaid(await answer.json())
        await self.settle()
        return self.heard

    def _step(self, **heard: Any) -> bytes:
        its = self.heard.answer
        nothing = {"keys": None, "words": None, "confidence": None, **heard}
        step = {"turn": its["turn"], "tried": its["tried"], "listened": its["listen"]}
        return self._body(**step, **nothing)

    def _body(self, **more: Any) -> bytes:
        return json.dumps({"call": self.sid, "to": self.order["to"], **more}).encode()

    async def _post(self, body: bytes, secret: str = SECRET) -> ClientResponse:
        headers = {"X-Sip-Signature": signature(secret, body)}
        return await self.door.post(urlsplit(self.order["hook"]).path, data=body, headers=headers)
