"""Reads request bodies; an unreadable one is answered with 400."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.web.connections import SlowBodyError

FORM = "application/x-www-form-urlencoded"


async def body_of(request: web.Request) -> bytes:
    """The body; HTTPBadRequest if it is cut off or its encoding is wrong.

    SlowBodyError if it does not arrive in time.
    """
    try:
        return await request.read()
    except SlowBodyError:
        raise
    except (web.RequestPayloadError, HttpProcessingError, OSError):
        raise web.HTTPBadRequest(reason="The body can't be read") from None


async def form_of(request: web.Request) -> Mapping[str, Any]:
    """The parsed form; HTTPBadRequest if the body is not a valid form."""
    if request.content_type != FORM:
        raise web.HTTPBadRequest(reason=f"Send a form as {FORM}")
    await body_of(request)  # cached, so that `post` parses it
    try:
        return await request.post()
    except (LookupError, ValueError):
        raise web.HTTPBadRequest(reason="The form is not in the character set it names") from None
