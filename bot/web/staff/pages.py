"""Renders staff pages from templates, with security headers; serves their assets."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib import resources
from pathlib import PurePosixPath

from aiohttp import web
from babel.dates import format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.presentation.templates import percent, templates_folder, utc_text
from bot.web.staff.errors import PageRefusal
from bot.web.staff.session import Visitor

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """Static files of the staff pages, under URLs that hold a hash of their content."""

    def __init__(self) -> None:
        folder = resources.files("bot.web.staff").joinpath("static")
        self._files = {
            file.name: file.read_bytes()
            for file in folder.iterdir()
            if PurePosixPath(file.name).suffix in KINDS
        }
        self._hashes = {
            name: hashlib.sha256(content).hexdigest()[:16] for name, content in self._files.items()
        }

    def address(self, name: str) -> str:
        """URL of a file."""
        return f"/staff/assets/{self._hashes[name]}/{name}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve a file, cacheable for ever; 404 for another version's hash."""
        name = request.match_info["name"]
        if self._hashes.get(name) != request.match_info["hash"]:
            raise web.HTTPNotFound
        return web.Response(
            body=self._files[name],
            content_type=KINDS[PurePosixPath(name).suffix],
            charset="utf-8",
            headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"},
        )


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Security headers. With `no-referrer`, browsers would send no Origin with forms."""


class Pages:
    """Renders page templates."""

    def __init__(self, *, brand: str, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates_folder()),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"brand": brand, "asset": assets.address}
        self._environment.filters |= {
            "time": time,
            "lasting": rough_duration,
            "percent": percent,
        }

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """HTML of `templates/pages/<name>.html`."""
        return self._environment.get_template(f"pages/{name}.html").render(**context)

    def page(
        self,
        name: str,
        context: Mapping[str, object],
        visitor: Visitor | None = None,
        *,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> web.Response:
        """Response with the rendered page and security headers."""
        return web.Response(
            text=self.render(name, {"visitor": visitor, **context}),
            content_type="text/html",
            status=status,
            headers=HEADERS,
        )

    def refusal(self, refusal: PageRefusal, visitor: Visitor | None = None) -> web.Response:
        """Response with the refusal's text and status."""
        answer = self.page("staff/refused", {"why": refusal.why}, visitor, status=refusal.status)
        answer.headers.update(refusal.headers)
        return answer


def see_other(address: str) -> web.Response:
    """Redirect (303) after a change, so that a reload doesn't repeat it."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={**HEADERS, "Location": address})


def time(value: datetime) -> Markup:
    """A `<time>` tag in UTC; a script converts it to the reader's time zone."""
    iso = value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(iso, utc_text(value))


def rough_duration(value: timedelta) -> str:
    """A duration like `3 minutes`, without seconds."""
    if value < timedelta(minutes=1):
        return "less than a minute"
    return format_timedelta(value, locale="en", threshold=1.5)
