"""Client of the Telegram Gateway API: check ability, send, report use, revoke."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Self

import aiohttp
from aiohttp import web

from bot.gateways.ports import (
    Accepted,
    MessageReport,
    NotKnown,
    NotPlaced,
    PlacementResult,
    Throttled,
)
from bot.gateways.proxy import proxy_for
from bot.gateways.telegram_gateway.reports import ROUTE, check_report, read_report
from bot.settings import Settings
from bot.storable_text import storable_json
from state.model.verification import Ending, SessionId

_PATIENCE = aiohttp.ClientTimeout(total=15)
_FLOOD = re.compile(r"FLOOD_WAIT_(\d+)")
_NAME = re.compile("[A-Z_]{1,60}")
_SHORTEST, _LONGEST = 30, 3600
"""Range of a message's `ttl`, seconds."""
_NOBODY = {"PHONE_NUMBER_INVALID", "PHONE_NUMBER_NOT_FOUND", "PHONE_NUMBER_NOT_AVAILABLE"}
_OURS = re.compile(
    "ACCESS_TOKEN_.*|BALANCE_NOT_ENOUGH|CALLBACK_URL_.*|CODE_.*|PAYLOAD_.*|SENDER_.*|TTL_.*"
    "|UNKNOWN_METHOD"
)


class TelegramGateway:
    """Implements `CodeChannel` for one Gateway account. Use as an async context manager."""

    name = "telegram_gateway"
    path = ROUTE

    def __init__(
        self, *, base_url: str, token: str, public_url: str | None, proxy: str | None = None
    ) -> None:
        """Without `public_url`, no delivery reports are requested."""
        self._proxy = proxy
        self._base = base_url
        self._token = token
        self._report_to = None if public_url is None else f"{public_url}{ROUTE}"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._token}"}
        self._session = aiohttp.ClientSession(
            headers=headers, timeout=_PATIENCE, proxy=self._proxy
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def send(
        self, session_id: SessionId, number: str, code: str, *, seconds: int
    ) -> PlacementResult:
        """Check that the number can be reached, then send the code.

        The check is charged and makes the message itself free. Delivery reports return the session
        id as `payload`. `seconds` is clamped to the 30 to 3,600 that the API accepts.
        """
        able = await self._ask("checkSendAbility", phone_number=number)
        if not isinstance(able, Accepted):
            return able
        return await self._ask(
            "sendVerificationMessage",
            phone_number=number,
            request_id=able.sid,
            code=code,
            ttl=str(min(max(seconds, _SHORTEST), _LONGEST)),
            payload=session_id,
            callback_url=self._report_to,
        )

    async def count(self, sid: str, code: str) -> bool:
        """Report that the code was used; True if the Gateway received it."""
        return await self._tell("checkVerificationStatus", request_id=sid, code=code)

    async def revoke(self, sid: str) -> bool:
        """Withdraw an unread message; True if the Gateway received the request."""
        return await self._tell("revokeVerificationMessage", request_id=sid)

    async def read(self, request: web.Request, now: datetime) -> MessageReport | None:
        body = await request.read()
        check_report(self._token, request.headers, body, now)
        return read_report(body)

    async def _ask(self, method: str, **parameters: str | None) -> PlacementResult:
        answer = await self._post(method, **parameters)
        if answer is None:
            return NotKnown()
        if not answer.get("ok"):
            return _refusal(str(answer.get("error", "")))
        result = answer.get("result")
        request_id = result.get("request_id") if isinstance(result, dict) else None
        return Accepted(request_id) if isinstance(request_id, str) else NotKnown()

    async def _tell(self, method: str, **parameters: str) -> bool:
        answer = await self._post(method, **parameters)
        return answer is not None and not _FLOOD.fullmatch(str(answer.get("error", "")))

    async def _post(self, method: str, **parameters: str | None) -> Mapping[str, object] | None:
        if self._session is None:
            raise RuntimeError("TelegramGateway is used outside its context")
        form = {name: value for name, value in parameters.items() if value is not None}
        try:
            async with self._session.post(f"{self._base}/{method}", data=form) as response:
                body = storable_json(await response.json())
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
        return body if isinstance(body, dict) and "ok" in body else None


def _refusal(error: str) -> NotPlaced | Throttled:
    flood = _FLOOD.fullmatch(error)
    if flood:
        return Throttled(int(flood[1]))
    if error in _NOBODY:
        how = Ending.NOT_DELIVERED
    elif _OURS.fullmatch(error):
        how = Ending.MISCONFIGURED
    else:
        how = Ending.PROVIDER_FAILED
    named = error if _NAME.fullmatch(error) else "an error without a name"
    return NotPlaced(how, f"the Gateway answered {named}")


def telegram_gateway(settings: Settings) -> TelegramGateway | None:
    """A client from the settings; None if no Gateway token is set."""
    if settings.gateway_token is None:
        return None
    token = settings.gateway_token.get_secret_value()
    return TelegramGateway(
        base_url=settings.gateway_api,
        token=token,
        public_url=settings.public_url,
        proxy=proxy_for(settings.gateway_api, settings),
    )
