"""A second call provider (SIP over JSON), written as a folder in `bot/gateways` would be."""

import hmac
import json
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from aiohttp import web
from pydantic import Field, SecretStr

from bot.gateways.ports import (
    Accepted,
    CallReport,
    CallStep,
    ClaimedCall,
    ForgedRequestError,
    NotKnown,
    NotPlaced,
    PlacementResult,
    Throttled,
)
from bot.presentation.speech import Awaited, Speech
from bot.setting_types import Address
from bot.settings import Settings, Variables, load, require
from bot.storable_text import storable_json
from state.model.verification import Ending, SessionId
from state.rules.call_events import KeyPressed, NothingPressed, PickedUp
from state.usecases.verification.run_call import Happened, HeardDigits

HOOK = "/hooks/sip"
_REFUSALS = {"number": Ending.NUMBER_REJECTED, "region": Ending.NOT_SERVED}
_ENDINGS = {
    "busy": Ending.BUSY,
    "no-answer": Ending.NO_ANSWER,
    "completed": Ending.ABANDONED,
}
_LISTENING = {Awaited.KEY: "key", Awaited.CODE: "code", Awaited.KEYED_CODE: "keyed code"}


class SipSettings(Variables):
    sip_url: Address | None = Field(None, description="the provider's base URL")
    sip_secret: SecretStr | None = Field(None, description="the key of its signatures")
    sip_caller: str | None = Field(None, description="the number calls come from, in E.164")


class SipCalls:
    name = "sip"
    paths = (f"{HOOK}/{{session}}",)
    content_type = "application/json"

    def __init__(self, settings: Settings) -> None:
        own = load(SipSettings, {})
        require(settings, "public_url")
        require(own, "sip_url", "sip_secret", "sip_caller")
        self.caller = own.sip_caller or ""
        self._calls, self._hook = f"{own.sip_url}/calls", f"{settings.public_url}{HOOK}"
        self._secret = own.sip_secret.get_secret_value() if own.sip_secret else ""
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        login = {"Authorization": f"Bearer {self._secret}"}
        self._session = aiohttp.ClientSession(headers=login)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def place(self, session_id: SessionId, number: str) -> PlacementResult:
        order = {"from": self.caller, "to": number, "hook": f"{self._hook}/{session_id}"}
        status, body = await self._ask("POST", self._calls, order)
        match status:
            case HTTPStatus.ACCEPTED if "call" in body:
                return Accepted(str(body["call"]))
            case HTTPStatus.TOO_MANY_REQUESTS:
                return Throttled(body.get("seconds"))
            case HTTPStatus.UNAUTHORIZED:
                return NotPlaced(Ending.MISCONFIGURED, "the secret is refused")
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                how = _REFUSALS.get(body.get("refused", ""), Ending.PROVIDER_FAILED)
                return NotPlaced(how, f"refused for its {body.get('refused')}")
            case _:
                return NotKnown()

    async def end(self, sid: str) -> bool:
        status, _ = await self._ask("DELETE", f"{self._calls}/{sid}", {})
        return status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}

    async def read(self, request: web.Request) -> CallStep | CallReport:
        raw = await request.read()
        given = request.headers.get("X-Sip-Signature", "")
        if not hmac.compare_digest(given.encode(), signature(self._secret, raw).encode()):
            raise ForgedRequestError
        body = storable_json(json.loads(raw))
        session_id = SessionId(request.match_info["session"])
        call = ClaimedCall(session_id=session_id, sid=body["call"], number=body["to"])
        if "state" in body:
            key = f"{call.sid}:{body['state']}"
            return CallReport(call=call, key=key, ended=_ENDINGS.get(body["state"]))
        return CallStep(call=call, turn=body["turn"], tried=body["tried"], happened=_heard(body))

    def say(self, speech: Speech, step: CallStep) -> str:
        again = speech.awaited is Awaited.SAME_TURN
        turn, tried = (step.turn, step.tried + 1) if again else (step.turn + 1, 0)
        listen = _LISTENING.get(speech.awaited)
        answer = {"say": speech.words, "listen": listen, "again": again}
        return json.dumps({**answer, "turn": turn, "tried": tried})

    async def _ask(self, method: str, url: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Send a request; status 0 if there was no response."""
        assert self._session is not None
        try:
            async with self._session.request(method, url, json=body) as response:
                return response.status, await response.json()
        except (aiohttp.ClientError, ValueError):
            return 0, {}


def signature(secret: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), body, "sha256").hex()


def _heard(body: dict[str, Any]) -> Happened:
    match body["listened"]:
        case "key":
            return KeyPressed(body["keys"]) if body["keys"] else NothingPressed()
        case "code" | "keyed code":
            return HeardDigits(
                keyed=body["keys"], said=body["words"], confidence=body["confidence"]
            )
        case _:
            return PickedUp()
