"""Local call provider: Twilio's REST API for calls."""

import asyncio
import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self, TypeAlias

from aiohttp import web

from bot.demo.errors import NotNowError
from bot.demo.events import Events
from bot.demo.phone.call import API_VERSION, Call, Surroundings
from bot.demo.phone.dialogue import CallPace
from bot.demo.phone.orders import Form, ProviderError, read_order
from bot.demo.phone.webhooks import Webhooks
from state.ports import Clock

FORM = "application/x-www-form-urlencoded"
ProviderHandler: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]
RingsHere: TypeAlias = Callable[[str], bool]
"""(called number) → whether it is the number of the phone in question."""
REASONS = {
    21214: "The 'To' phone number cannot be reached",
    21215: "Account not authorized to call this number: permission for the country is missing",
    21216: "Account not allowed to call this number",
    21217: "The phone number does not appear to be valid",
    20429: "Too Many Requests",
    20003: "Authenticate",
}


class PhoneProvider:
    """REST API of calls. Use as an async context manager, which cancels calls on exit."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: frozenset[str],
        clock: Clock,
        events: Events | None = None,
        pace: CallPace | None = None,
        refuse: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        """`refuse`: numbers whose calls are refused, each with HTTP status and error number."""
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._numbers = numbers
        self._events = events or Events()
        self._refuse = refuse or {}
        self._webhooks = Webhooks(auth_token=auth_token)
        self._around = Surroundings(
            account_sid=account_sid,
            clock=clock,
            pace=pace or CallPace(),
            webhooks=self._webhooks,
            changed=self._changed,
            trouble=self._trouble,
        )
        self.calls: dict[str, Call] = {}
        self.troubles: list[str] = []
        self._playing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._webhooks.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._playing:
            task.cancel()
        await asyncio.gather(*self._playing, return_exceptions=True)
        await self._webhooks.__aexit__()

    def routes(self, base: str = "") -> list[web.RouteDef]:
        calls = f"{base}/{API_VERSION}/Accounts/{{account}}/Calls"
        return [
            web.post(calls + ".json", self._guarded(self._create)),
            web.post(calls + "/{sid}.json", self._guarded(self._modify)),
            web.get(calls + "/{sid}.json", self._guarded(self._show)),
        ]

    def running(self, rings_here: RingsHere) -> Call:
        """The active call at this phone, the newest first. NotNowError if there is none."""
        call = next((call for call in self._newest(rings_here) if call.active), None)
        if call is None:
            raise NotNowError("There is no call.")
        return call

    def shown(self, rings_here: RingsHere) -> Mapping[str, Any]:
        """The phone's state for the page; the last call stays visible after its end."""
        calls = self._newest(rings_here)
        call = next((call for call in calls if call.active), next(iter(calls), None))
        if call is None:
            return {"state": "idle"}
        return {
            "state": call.status,
            "sid": call.sid,
            "to": call.order.to,
            "from": call.order.caller,
            "prompt": call.line.prompt,
            "typed": call.line.typed,
            "listening": call.line.listening,
            "answered_at": call.answered_at.timestamp() if call.answered_at else None,
            "seconds": call.seconds,
        }

    def _newest(self, rings_here: RingsHere) -> list[Call]:
        return [call for call in reversed(self.calls.values()) if rings_here(call.order.to)]

    # ------------------------------------------------------------ REST

    def _guarded(self, handler: ProviderHandler) -> ProviderHandler:
        async def guarded(request: web.Request) -> web.Response:
            try:
                self._authenticate(request)
                return await handler(request)
            except ProviderError as error:
                return web.json_response(error.body(), status=error.status)

        return guarded

    def _authenticate(self, request: web.Request) -> None:
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            given = b""
        expected = f"{self._account_sid}:{self._auth_token}".encode()
        if scheme.lower() != "basic" or not secrets.compare_digest(given, expected):
            raise ProviderError(401, 20003, "Authenticate")
        if request.match_info["account"] != self._account_sid:
            raise _not_found(request)

    async def _create(self, request: web.Request) -> web.Response:
        order = read_order(await _form(request), self._numbers)
        if order.to in self._refuse:
            status, code = self._refuse[order.to]
            raise ProviderError(status, code, REASONS.get(code, "The call was refused"))
        sid = "CA" + secrets.token_hex(16)
        taken = any(call.active and call.order.to == order.to for call in self.calls.values())
        call = Call(sid=sid, order=order, surroundings=self._around)
        self.calls[sid] = call
        if taken:
            call.line.refuse("busy")
        task = asyncio.get_running_loop().create_task(call.play())
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)
        return web.json_response(call.resource(), status=201)

    async def _modify(self, request: web.Request) -> web.Response:
        call = self._find(request)
        form = await _form(request)
        wanted = form.get("Status", ("",))[0]
        if set(form) != {"Status"} or wanted not in {"canceled", "completed"}:
            raise ProviderError(400, 20001, "Status must be canceled or completed")
        if not call.active:
            raise ProviderError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if wanted == "completed" or call.answered_at is None:
            call.line.hang_up()
        return web.json_response(call.resource())

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(self._find(request).resource())

    def _find(self, request: web.Request) -> Call:
        call = self.calls.get(request.match_info["sid"])
        if call is None:
            raise _not_found(request)
        return call

    # ------------------------------------------------------------ the page

    def _changed(self, _: Call) -> None:
        self._events.publish({"type": "phone"})

    def _trouble(self, sentence: str) -> None:
        self.troubles.append(sentence)
        self._events.publish({"type": "trouble", "text": sentence})


async def _form(request: web.Request) -> Form:
    """Form parameters; empty for a body of another type, as the provider treats it."""
    if request.content_type != FORM:
        return {}
    posted = await request.post()
    return {
        name: tuple(value for value in posted.getall(name) if isinstance(value, str))
        for name in posted
    }


def _not_found(request: web.Request) -> ProviderError:
    return ProviderError(404, 20404, f"The requested resource {request.path} was not found")
