"""Who may speak for the marketplace: bearer tokens, compared in constant time."""

import hmac
from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.problem import problem

_SCHEME = "Bearer "


def bearer(tokens: Sequence[str], handler: Handler) -> Handler:
    """The handler, behind one of the tokens."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        header = request.headers.get("Authorization", "")
        given = header.removeprefix(_SCHEME).encode(errors="replace")
        matches = [hmac.compare_digest(given, token.encode()) for token in tokens]
        if not header.startswith(_SCHEME) or not any(matches):
            return problem(
                HTTPStatus.UNAUTHORIZED, "Send one of the API tokens as a bearer token."
            )
        return await handler(request)

    return guarded
