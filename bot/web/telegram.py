"""Telegram's webhook: answers 200 only once the update is stored."""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.gateways.telegram.client import from_json, number_of
from bot.web.body import body_of
from bot.web.problem import problem

HEADER = "X-Telegram-Bot-Api-Secret-Token"
Take = Callable[[Iterable[Mapping[str, Any]]], Awaitable[None]]
"""Stores updates; committed when it returns."""


def routes(take: Take, secret: str) -> list[web.RouteDef]:
    """The webhook's route; `secret` is the expected secret token."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, secret.encode()):
            return problem(HTTPStatus.FORBIDDEN, "The secret token is missing or wrong.")
        try:
            update = from_json(await body_of(request))
        except (ValueError, RecursionError):
            update = None
        if not isinstance(update, dict) or number_of(update) is None:
            return problem(HTTPStatus.BAD_REQUEST, "The body is not an update of the Bot API.")
        await take([update])
        return web.Response()

    return [web.post("/telegram", receive)]
