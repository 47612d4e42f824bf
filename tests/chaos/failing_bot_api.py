"""The Bot API on bad days: it refuses, fails, dawdles and hangs up."""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, assert_never

from aiohttp import web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

SENDS = frozenset({"sendMessage", "editMessageText", "sendDocument"})


class Fault(StrEnum):
    TOO_MANY = "429 with retry_after"
    BROKEN = "500"
    HTML = "502 with a page"
    DROPPED = "hung up before anything was done"
    HALF_CLOSED = "hung up in the middle of the answer"
    UNPARSABLE = "400 for its markup"
    SLOW = "slow"
    LOST_ANSWER = "done, but hung up before the answer"


Forecast: TypeAlias = Callable[[str, int], Fault | None]
"""(method, chat) → what goes wrong with this call, if anything does."""


def changeable(dice: random.Random, chances: Mapping[Fault, float]) -> Forecast:
    def forecast(_method: str, _chat: int) -> Fault | None:
        rolled = dice.random()
        for fault, chance in chances.items():
            if rolled < chance:
                return fault
            rolled -= chance
        return None

    return forecast


@dataclass(slots=True, kw_only=True)
class Weather:
    """`watch` is a middleware in front of the Bot API."""

    forecast: Forecast
    retry_after: int = 1
    slowness: float = 0.3
    faults: Counter[Fault] = field(default_factory=Counter)
    early: int = 0
    """Sends to a chat that was to be left alone for longer."""
    asked: list[tuple[float, str, int]] = field(default_factory=list)
    """When which method was called for which chat."""
    _refused_until: dict[int, float] = field(default_factory=dict)

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        if method not in SENDS:
            return await handler(request)
        body = await request.json() if request.content_type == "application/json" else {}
        chat = int(body.get("chat_id", 0))
        self.asked.append((time.monotonic(), method, chat))
        left = self._refused_until.get(chat, 0.0) - time.monotonic()
        if left > 0:
            self.early += 1
            return _too_many(math.ceil(left))
        fault = self.forecast(method, chat)
        if fault is None:
            return await handler(request)
        self.faults[fault] += 1
        return await self._suffer(fault, chat, request, handler)

    async def _suffer(  # noqa: PLR0911 - one a fault
        self, fault: Fault, chat: int, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        match fault:
            case Fault.TOO_MANY:
                self._refused_until[chat] = time.monotonic() + self.retry_after
                return _too_many(self.retry_after)
            case Fault.BROKEN:
                return web.json_response(
                    {"ok": False, "error_code": 500, "description": "Internal Server Error"},
                    status=500,
                )
            case Fault.UNPARSABLE:
                why = "Bad Request: can't parse entities: unsupported start tag"
                return web.json_response(
                    {"ok": False, "error_code": 400, "description": why}, status=400
                )
            case Fault.HTML:
                page = "<html><h1>502 Bad Gateway</h1></html>"
                return web.Response(status=502, text=page, content_type="text/html")
            case Fault.DROPPED:
                return _hang_up(request)
            case Fault.HALF_CLOSED:
                return await _begin_and_hang_up(request)
            case Fault.SLOW:
                await asyncio.sleep(self.slowness)
                return await handler(request)
            case Fault.LOST_ANSWER:
                await handler(request)
                return _hang_up(request)
            case _:
                assert_never(fault)


def in_turn(*faults: Fault | None) -> Forecast:
    """These, one a call, and then fine weather."""
    coming = list(faults)
    return lambda _method, _chat: coming.pop(0) if coming else None


def _too_many(seconds: int) -> web.Response:
    refusal = {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }
    return web.json_response(refusal, status=429)


def _hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def _begin_and_hang_up(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "500"})
    answer.content_type = "application/json"
    await answer.prepare(request)
    await answer.write(b'{"ok": true, "result": {"mess')
    assert request.transport is not None
    request.transport.abort()
    return answer
