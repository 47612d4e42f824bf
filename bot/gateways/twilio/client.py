"""Calls by the Twilio wire: place one, end one, and what each refusal means."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

import aiohttp

from bot.gateways.call_placement import Accepted, NotKnown, NotPlaced, PlacementResult, Throttled
from bot.storable_text import storable_json
from state.model.verification import Ending

PATIENCE = 15.0
"""Seconds; whether a call was placed is not known after that."""

REFUSED = "refused"
"""Neither the account nor its token is known."""
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
"""What else is refused with 4xx has failed; with 401, nothing of ours is taken any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAddresses:
    """Where the provider asks what to say, and tells how the call goes."""

    voice: str
    fallback: str
    status: str


class TwilioCalls:
    """One account. Use as an async context manager."""

    def __init__(
        self,
        *,
        base_url: str,
        account_sid: str,
        auth_token: str,
        caller: str,
        patience: float = PATIENCE,
    ) -> None:
        self._account = f"{base_url}/2010-04-01/Accounts/{account_sid}"
        self._calls = f"{self._account}/Calls"
        login = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}"}
        self._caller = caller
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._patience)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def place(self, number: str, addresses: CallAddresses) -> PlacementResult:
        form = [
            ("To", number),
            ("From", self._caller),
            ("Url", addresses.voice),
            ("Method", "POST"),
            ("FallbackUrl", addresses.fallback),
            ("FallbackMethod", "POST"),
            ("StatusCallback", addresses.status),
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

    async def status(self) -> str | None:
        """Of the account: `active` if it may call, REFUSED, or another; None: nothing is said."""
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
        """Hang up; True if the provider knows the call to be over."""
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
    """Empty if it is none: a refusal counts by its status, whatever page comes with it."""
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
