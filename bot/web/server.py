"""The aiohttp application and the port it listens on."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web

from bot.config import SettingsError
from bot.web.problem import problem

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
"""Bytes; larger ones are refused before they are parsed."""


class PortTakenError(SettingsError):
    """Another program listens there; the message says what to do."""


def application(routes: Iterable[web.RouteDef]) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_problems])
    app.add_routes([*routes, web.get("/health/live", _live)])
    return app


@web.middleware
async def _problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        if refusal.status < HTTPStatus.BAD_REQUEST:
            raise
        allowed = refusal.headers.get("Allow")
        headers = {"Allow": allowed} if allowed else None
        return problem(HTTPStatus(refusal.status), f"{refusal.reason}.", headers=headers)
    except Exception:
        # The route's pattern, not the address: that may hold a call's secret.
        resource = request.match_info.route.resource
        log.exception("%s %s failed", request.method, resource.canonical if resource else "?")
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here: try again later."
        )


async def _live(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


@asynccontextmanager
async def listening(app: web.Application, *, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, backlog=1024).start()
        except OSError as error:
            raise PortTakenError(
                f"port {port} on {host} can't be used ({error.strerror}): "
                "stop what listens there, or choose another with HELPDESK_PORT."
            ) from None
        yield
    finally:
        await runner.cleanup()
