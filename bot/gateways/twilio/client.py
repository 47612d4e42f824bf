"""Twilio client: places and ends calls, parses webhooks, renders TwiML."""

import base64
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Self

import aiohttp
from aiohttp import web

from bot.gateways.ports import (
    Accepted,
    CallReport,
    CallStep,
    NotKnown,
    NotPlaced,
    PlacementResult,
    Throttled,
)
from bot.gateways.proxy import proxy_for
from bot.gateways.twilio.addresses import PATHS, Addresses
from bot.gateways.twilio.requests import RequestReader
from bot.gateways.twilio.twiml import twiml
from bot.presentation.speech import Speech
from bot.settings import Settings, require
from bot.storable_text import storable_json
from state.model.verification import Ending, SessionId

PATIENCE = 15.0
"""HTTP timeout, seconds; after it, it is unknown whether the call was placed."""

REFUSED = "refused"
"""Account status if Twilio rejects the credentials."""
_THROTTLED = {20429, 10004}
_MEANINGS = {
    21211: Ending.NUMBER_REJECTED,
    21214: Ending.NUMBER_REJECTED,
    21216: Ending.NUMBER_REJECTED,
    21217: Ending.NUMBER_REJECTED,
    21202: Ending.NOT_SERVED,
    21215: Ending.NOT_SERVED,
    60605: Ending.NOT_SERVED,
    20003: Ending.MISCONFIGURED,
    21210: Ending.MISCONFIGURED,
}
"""By Twilio error code; any other 4xx is PROVIDER_FAILED, any other 401 MISCONFIGURED."""


class TwilioCalls:
    """Implements `CallProvider` for one Twilio account. Use as an async context manager."""

    name = "twilio"
    paths = PATHS
    content_type = "text/xml"

    def __init__(self, settings: Settings, *, patience: float = PATIENCE) -> None:
        """SettingsError names the first missing setting."""
        require(settings, "public_url", "twilio_account_sid", "twilio_auth_token", "twilio_from")
        keys = (settings.twilio_auth_token, settings.twilio_auth_token_secondary)
        tokens = [key.get_secret_value() for key in keys if key]
        account_sid, public_url = settings.twilio_account_sid or "", settings.public_url or ""
        self.caller = settings.twilio_from or ""
        self._account = f"{settings.twilio_api}/2010-04-01/Accounts/{account_sid}"
        self._calls = f"{self._account}/Calls"
        token = tokens[0] if tokens else ""
        login = base64.b64encode(f"{account_sid}:{token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}"}
        self._proxy = proxy_for(settings.twilio_api, settings)
        self._addresses = Addresses(public_url)
        self._reader = RequestReader(
            public_url=public_url, account_sid=account_sid, auth_tokens=tokens
        )
        self._speech_timeout = settings.twilio_speech_timeout
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers=self._headers, timeout=self._patience, proxy=self._proxy
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def place(self, session_id: SessionId, number: str) -> PlacementResult:
        its = self._addresses
        form = [
            ("To", number),
            ("From", self.caller),
            ("Url", its.step("voice", session_id, 0)),
            ("Method", "POST"),
            ("FallbackUrl", its.step("fallback", session_id, 0)),
            ("FallbackMethod", "POST"),
            ("StatusCallback", its.status(session_id)),
            ("StatusCallbackMethod", "POST"),
            *(
                ("StatusCallbackEvent", event)
                for event in ("initiated", "ringing", "answered", "completed")
            ),
            ("Timeout", "25"),
            ("TimeLimit", "180"),
            ("Record", "false"),
        ]
        answer = await self._post(f"{self._calls}.json", form)
        return NotKnown() if answer is None else _placement(*answer)

    async def read(self, request: web.Request) -> CallStep | CallReport:
        return await self._reader.read(request)

    def say(self, speech: Speech, step: CallStep) -> str:
        return twiml(speech, step, self._addresses, speech_timeout=self._speech_timeout)

    async def status(self) -> str | None:
        """Status of the account: `active` if it may call; REFUSED for wrong credentials.

        None if Twilio can't be reached, or responds without a status.
        """
        if self._session is None:
            raise RuntimeError("TwilioCalls is used outside its context")
        try:
            async with self._session.get(f"{self._account}.json") as response:
                body = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
        if response.status == HTTPStatus.UNAUTHORIZED:
            return REFUSED
        found = body.get("status") if isinstance(body, dict) else None
        return found if isinstance(found, str) else None

    async def end(self, sid: str) -> bool:
        """Hang up; True if Twilio confirms that the call is over."""
        answer = await self._post(f"{self._calls}/{sid}.json", [("Status", "completed")])
        if answer is None or answer[0] == HTTPStatus.TOO_MANY_REQUESTS:
            return False
        return answer[0] < HTTPStatus.INTERNAL_SERVER_ERROR

    async def _post(
        self, url: str, form: Sequence[tuple[str, str]]
    ) -> tuple[int, dict[str, object]] | None:
        if self._session is None:
            raise RuntimeError("TwilioCalls is used outside its context")
        try:
            async with self._session.post(url, data=form) as response:
                return response.status, _object(await response.read())
        except (aiohttp.ClientError, TimeoutError):
            return None


def _object(text: bytes) -> dict[str, object]:
    """The JSON object; empty if invalid, since a refusal counts by its status alone."""
    try:
        body = storable_json(json.loads(text))
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _placement(status: int, body: dict[str, object]) -> PlacementResult:
    code = body.get("code")
    if status == HTTPStatus.CREATED and isinstance(body.get("sid"), str):
        return Accepted(str(body["sid"]))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _THROTTLED:
        return Throttled()
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        unnamed = status == HTTPStatus.UNAUTHORIZED
        otherwise = Ending.MISCONFIGURED if unnamed else Ending.PROVIDER_FAILED
        how = _MEANINGS.get(code, otherwise) if isinstance(code, int) else otherwise
        return NotPlaced(how, f"provider answered {status}, error {code}")
    return NotKnown()
