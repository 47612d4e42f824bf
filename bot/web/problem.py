"""Errors as `application/problem+json` (RFC 9457): one sentence that says what to do."""

from http import HTTPStatus

from aiohttp import web


def problem(status: HTTPStatus, detail: str) -> web.Response:
    return web.json_response(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
        },
        status=status.value,
        content_type="application/problem+json",
    )
