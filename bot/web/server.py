"""Builds the aiohttp application and serves it on a port."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.settings import SettingsError
from bot.storable_text import is_storable
from bot.web.connections import ConnectionLimits, SlowBodyError, body_timeout, without_version
from bot.web.port import open_port
from bot.web.problem import problem
from bot.web.proxies import Proxies

CLOSING: web.AppKey[asyncio.Event] = web.AppKey("closing", asyncio.Event)


def close_streams_at_shutdown(app: web.Application) -> None:
    """Give the application a `CLOSING` event, set at shutdown, so that open streams end."""
    app[CLOSING] = asyncio.Event()
    app.on_shutdown.append(_close)


async def _close(app: web.Application) -> None:
    app[CLOSING].set()


log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
"""Maximum request body, bytes; a larger one gets 413 before it is parsed."""


class PortTakenError(SettingsError):
    """The port can't be opened; the message says which, and what to do."""


Requested = Callable[[str, int], None]
"""Called after each request with the route's pattern and the status code."""


def application(
    routes: Iterable[web.RouteDef], *, requested: Requested = lambda _route, _status: None
) -> web.Application:
    """An application with these routes, timeouts, metrics and problem+json errors."""
    app = web.Application(
        client_max_size=LARGEST_BODY, middlewares=[body_timeout, _counting(requested), _problems]
    )
    app.on_response_prepare.append(without_version)
    close_streams_at_shutdown(app)
    app.add_routes(routes)
    return app


def _counting(requested: Requested) -> Middleware:
    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        requested(_pattern(request), answer.status)
        return answer

    return count


def _pattern(request: web.Request) -> str:
    """Pattern of the route, as metrics label.

    URLs may hold secrets, and are unlimited in number.
    """
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not is_storable(request.path_qs):
        return _no_text()
    try:
        return await handler(request)
    except (UnicodeError, web.RequestPayloadError, HttpProcessingError):
        log.warning("%s %s was refused: not text", request.method, _pattern(request))
        return _no_text()
    except web.HTTPException as refusal:
        if refusal.status < HTTPStatus.BAD_REQUEST:
            raise
        allowed = refusal.headers.get("Allow")
        headers = {"Allow": allowed} if allowed else None
        return problem(HTTPStatus(refusal.status), f"{refusal.reason}.", headers=headers)
    except SlowBodyError:
        return problem(HTTPStatus.REQUEST_TIMEOUT, "The body came too slowly: send it again.")
    except Exception:
        log.exception("%s %s failed", request.method, _pattern(request))
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here: try again later."
        )


def _no_text() -> web.Response:
    return problem(HTTPStatus.BAD_REQUEST, "The request holds bytes that are no text.")


@asynccontextmanager
async def listening(
    app: web.Application,
    *,
    host: str,
    port: int,
    setting: str = "HELPDESK_PORT",
    trusted_proxies: Collection[IPv4Network | IPv6Network] = (),
    limits: ConnectionLimits | None = None,
) -> AsyncIterator[None]:
    """Serve the application while the context is open. PortTakenError if the port is in use.

    `limits` default to what the limit of open files allows; `setting` is named in the error.
    """
    async with AsyncExitStack() as stack:
        proxies = Proxies(trusted_proxies)
        try:
            await stack.enter_async_context(
                open_port(app, host, port, proxies=proxies, limits=limits)
            )
        except OSError as error:
            raise PortTakenError(
                f"port {port} on {host} can't be used ({error.strerror}): "
                f"stop what listens there, or choose another with {setting}."
            ) from None
        yield
