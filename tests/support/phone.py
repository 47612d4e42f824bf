"""Fake of Twilio and of the person's phone: receives call requests, sends signed callbacks."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aiohttp import ClientResponse, web

from bot.build import CALL_PROVIDERS
from bot.demo.phone.signature import sign
from bot.gateways.ports import CallProviders
from tests.support.provider_protocols import Door, Outcome

SID = "AC" + "0" * 32
AUTH_TOKEN = "test_auth_token"
CALLER = "+442071838750"
PUBLIC_URL = "https://desk.example"

_ANSWERS: dict[Outcome, tuple[int, object]] = {
    Outcome.NUMBER_REFUSED: (400, {"code": 21211}),
    Outcome.REGION_REFUSED: (400, {"code": 21215}),
    Outcome.LOGIN_REFUSED: (401, {"code": 20003}),
    Outcome.NO_ROOM: (429, {"code": 20429}),
    Outcome.BROKEN: (500, {}),
}


@dataclass(slots=True)
class Provider:
    """Fake of Twilio's API: records call requests and answers with a new call or as prepared."""

    orders: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, object]] = field(default_factory=list)
    """Status and body of the next responses, instead of a call."""
    hung_up: list[str] = field(default_factory=list)
    slow: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """Callbacks to run before the next requests are answered."""

    providers: CallProviders = field(default_factory=lambda: CALL_PROVIDERS)
    voice: str = "twilio"

    def settings(self, address: str) -> dict[str, object]:
        return {"twilio_api": address}

    def will_be(self, outcome: Outcome) -> None:
        self.answers.append(_ANSWERS[outcome])

    def phone(self, door: Door, settle: Callable[[], Awaitable[None]]) -> "Phone":
        """The phone that was called last."""
        sid = sid_of(len(self.orders))
        return Phone(door=door, order=self.orders[-1], sid=sid, settle=settle)

    def application(self) -> web.Application:
        app = web.Application()
        root = f"/2010-04-01/Accounts/{SID}/Calls"
        app.add_routes(
            [web.post(f"{root}.json", self._create), web.post(f"{root}/{{sid}}.json", self._end)]
        )
        return app

    async def _create(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.orders.append({name: str(value) for name, value in form.items()})
        if self.slow:
            await self.slow.pop(0)()
        if self.answers:
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)
        return web.json_response({"sid": sid_of(len(self.orders)), "status": "queued"}, status=201)

    async def _end(self, request: web.Request) -> web.Response:
        if self.answers:
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)
        self.hung_up.append(request.match_info["sid"])
        return web.json_response({"sid": request.match_info["sid"], "status": "completed"})


def sid_of(number: int) -> str:
    return f"CA{number:032x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One TwiML response: what the phone says, and where its input goes."""

    xml: str

    @property
    def words(self) -> str:
        return unescape(" ".join(re.findall(r"<Say[^>]*>([^<]*)</Say>", self.xml)))

    @property
    def goes_on(self) -> bool:
        return "<Gather" in self.xml or "<Redirect" in self.xml

    @property
    def redirect(self) -> str | None:
        found = re.search(r"<Redirect[^>]*>([^<]+)<", self.xml)
        return unescape(found[1]) if found else None

    @property
    def action(self) -> str | None:
        found = re.search(r'action="([^"]+)"', self.xml)
        return unescape(found[1]) if found else None


async def post(
    door: Door, url: str, form: dict[str, str], *, token: str = AUTH_TOKEN
) -> ClientResponse:
    """Send a callback of the provider, signed for the public URL."""
    path = urlunsplit(urlsplit(url)._replace(scheme="", netloc=""))
    signature = sign(token, PUBLIC_URL + path, form.items())
    return await door.post(path, data=form, headers={"X-Twilio-Signature": signature})


@dataclass(slots=True, kw_only=True)
class Phone:
    """A ringing call: each action sends a callback and then processes everything due."""

    door: Door
    order: dict[str, str]
    sid: str
    settle: Callable[[], Awaitable[None]]
    asked_at: str = ""
    """URL for the next input."""
    stages: int = 0
    last: tuple[str, dict[str, str], bytes] = ("", {}, b"")
    """URL, form and response of the last dialogue callback."""

    async def pick_up(self) -> Heard:
        self.asked_at = self.order["Url"]
        return await self._ask({"CallStatus": "in-progress"})

    async def key(self, digits: str) -> Heard:
        return await self._ask({"Digits": digits})

    async def speak(self, words: str, *, confidence: float = 0.9) -> Heard:
        return await self._ask({"SpeechResult": words, "Confidence": str(confidence)})

    async def wait_a_moment(self) -> Heard:
        """Follow the last response's redirect."""
        return await self._ask({})

    async def repeat(self) -> tuple[bytes, bytes]:
        """The last response, and the response to the same callback sent again."""
        url, form, answered = self.last
        return answered, await (await post(self.door, url, form)).read()

    async def forge(self) -> int:
        """Send a callback signed with a wrong token; returns the HTTP status."""
        form = self.form({"CallStatus": "in-progress"})
        return (await post(self.door, self.order["Url"], form, token="another token")).status

    async def report(self, status: str) -> int:
        """Send a status callback; returns the HTTP status of the response."""
        self.stages += 1
        form = self.form({"CallStatus": status, "SequenceNumber": str(self.stages)})
        answer = await post(self.door, self.order["StatusCallback"], form)
        await self.settle()
        return answer.status

    async def to_code_step(self) -> Heard:
        await self.pick_up()
        return await self.key("#")

    async def _ask(self, more: dict[str, str]) -> Heard:
        form = self.form(more)
        answer = await post(self.door, self.asked_at, form)
        assert answer.status == 200, await answer.text()
        heard = Heard(xml=await answer.text())
        self.last = (self.asked_at, form, await answer.read())
        self.asked_at = heard.action or heard.redirect or self.asked_at
        await self.settle()
        return heard

    def form(self, more: dict[str, Any]) -> dict[str, str]:
        return {
            "CallSid": self.sid,
            "AccountSid": SID,
            "From": CALLER,
            "To": self.order["To"],
            "FromCity": "",
            "Direction": "outbound-api",
            **more,
        }
