"""Calls by the Twilio wire: place one, end one, and what each refusal means."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self, TypeAlias

import aiohttp

from state.model.verification import Ending

_PATIENCE = aiohttp.ClientTimeout(total=15)

_REJECTED = {21211, 21217, 21214, 21216}
_NOT_SERVED = {21202, 21215, 60605}
_THROTTLED = {20429, 10004}


@dataclass(frozen=True, slots=True)
class Placed:
    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    how: Ending
    detail: str
    """For the log and the operator; holds no number."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Nothing was created; the same request may be made later."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No answer: the call may or may not have been placed, so it is never asked for again."""


Placement: TypeAlias = Placed | Refused | Throttled | NotKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAddresses:
    """Where the provider asks what to say, and tells how the call goes."""

    voice: str
    fallback: str
    status: str


class TwilioCalls:
    """One account. Use as an async context manager."""

    def __init__(self, *, base_url: str, account_sid: str, auth_token: str, caller: str) -> None:
        self._calls = f"{base_url}/2010-04-01/Accounts/{account_sid}/Calls"
        login = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}"}
        self._caller = caller
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=_PATIENCE)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def place(self, number: str, addresses: CallAddresses) -> Placement:
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

    async def end(self, sid: str) -> bool:
        """Hang up; True if the provider knows the call to be over."""
        answer = await self._post(f"{self._calls}/{sid}.json", [("Status", "completed")])
        return answer is not None and answer[0] < HTTPStatus.INTERNAL_SERVER_ERROR

    async def _post(
        self, url: str, form: Sequence[tuple[str, str]]
    ) -> tuple[int, dict[str, object]] | None:
        if self._session is None:
            raise RuntimeError("TwilioCalls is used outside its context")
        try:
            async with self._session.post(url, data=form) as response:
                body = await response.json()
                return (response.status, body) if isinstance(body, dict) else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


def _placement(status: int, body: dict[str, object]) -> Placement:
    code = body.get("code")
    if status == HTTPStatus.CREATED and isinstance(body.get("sid"), str):
        return Placed(str(body["sid"]))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _THROTTLED:
        return Throttled()
    if code in _REJECTED:
        return Refused(Ending.NUMBER_REJECTED, f"provider error {code}")
    if code in _NOT_SERVED:
        return Refused(Ending.NOT_SERVED, f"provider error {code}")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(Ending.PROVIDER_FAILED, f"provider answered {status}, error {code}")
    return NotKnown()
