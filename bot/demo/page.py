"""Web page of the demo: HTML, assets, event stream, commands."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import resources
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http import HttpProcessingError
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.demo.commands import carry_out
from bot.demo.errors import DemoError
from bot.demo.staff import MEMBERS
from bot.demo.telegram.answer import ApiError
from bot.demo.world import World

PageHandler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
ASSETS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def same_origin_only(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """Middleware: 403 unless host and origin are this machine's.

    Protects against other sites, including by DNS rebinding.
    """
    if urlsplit(f"//{request.host}").hostname not in LOCAL_HOSTS:
        raise web.HTTPForbidden(text="The demo answers on this machine only.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise web.HTTPForbidden(text="The demo answers to its own page only.")
    return await handler(request)


@web.middleware
async def readable_only(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """Middleware: 400 for a body that breaks off, or isn't encoded as it says."""
    try:
        return await handler(request)
    except (web.RequestPayloadError, HttpProcessingError):
        raise web.HTTPBadRequest(text="The body can't be read.") from None


class DemoPage:
    """Routes of the page."""

    def __init__(self, world: World) -> None:
        self._world = world
        environment = Environment(
            loader=PackageLoader("templates", "pages"), autoescape=True, undefined=StrictUndefined
        )
        self._html = environment.get_template("demo.html").render(
            people=world.people, members=MEMBERS, staff_url=world.staff_url
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._asset),
            web.get("/events", self._events),
            web.post("/world/{command}", self._command),
        ]

    async def _index(self, _: web.Request) -> web.Response:
        return web.Response(text=self._html, content_type="text/html", headers=HEADERS)

    async def _asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        kind = ASSETS.get(name[name.rfind(".") :])
        asset = resources.files("bot.demo").joinpath("static", name)
        if kind is None or not asset.is_file():
            raise web.HTTPNotFound
        return web.Response(
            body=asset.read_bytes(), content_type=kind, charset="utf-8", headers=HEADERS
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self._world.person(request.query.get("person", ""))
        except DemoError as error:
            raise web.HTTPNotFound(text=str(error)) from None
        stream = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        # The page was closed or reloaded: the stream ends silently.
        with suppress(ConnectionError), self._world.events.reading() as events:
            await _write(stream, self._world.state(person.id))
            async for event in events:
                own = self._world.event_for(event, person)
                if own is not None:
                    await _write(stream, own)
        return stream

    async def _command(self, request: web.Request) -> web.Response:
        # Against CSRF: a form can't have this type, and a script would need CORS.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            wish = await request.json()
        except ValueError:
            wish = None
        if not isinstance(wish, dict):
            raise web.HTTPBadRequest(text="Commands are JSON objects.")
        try:
            result = await carry_out(request.match_info["command"], wish, self._world)
        except DemoError as refusal:
            return web.json_response({"error": str(refusal)}, status=409, headers=HEADERS)
        except ApiError as refusal:
            return web.json_response({"error": refusal.description}, status=409, headers=HEADERS)
        return web.json_response(result, headers=HEADERS)


async def _write(stream: web.StreamResponse, event: object) -> None:
    await stream.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
