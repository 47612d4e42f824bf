"""Error responses as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

MEDIA_TYPE = "application/problem+json"


def problem(
    status: HTTPStatus, detail: str, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An error response; `detail` is one sentence that says what to do."""
    return web.json_response(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
        },
        status=status.value,
        headers=headers,
        content_type=MEDIA_TYPE,
    )
