"""Serves the staff pages below a path, such as https://example.com/desk/staff."""

import re
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

_OURS: Final = "/staff"
_LINK: Final = re.compile(r'((?:href|src|action|hx-get|hx-post|sse-connect)=")(?=/staff[/"?])')
_LEADING: Final = ("Location", "HX-Redirect")


def with_prefix(prefix: str, routes: Sequence[web.RouteDef]) -> list[web.RouteDef]:
    """The routes with and without the prefix, since a proxy may pass it on or take it away.

    Links, forms and redirects of the answers lead below the prefix.
    """
    if not prefix:
        return list(routes)
    return [
        web.RouteDef(
            one.method, start + one.path, _with_prefixed_links(prefix, one.handler), one.kwargs
        )
        for start in (prefix, "")
        for one in routes
    ]


def without_prefix(prefix: str, path: str) -> str:
    """The path of a request, without the prefix if the proxy passed it on."""
    return path.removeprefix(prefix) if path.startswith(prefix + _OURS) else path


def _with_prefixed_links(prefix: str, handler: Any) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        found: web.StreamResponse = await handler(request)
        for name in _LEADING:
            if found.headers.get(name, "").startswith(_OURS):
                found.headers[name] = prefix + found.headers[name]
        if isinstance(found, web.Response) and found.content_type == "text/html" and found.text:
            found.text = _LINK.sub(lambda link: link[1] + prefix, found.text)
        return found

    return answer
