"""A request's body: read as what it should be, or refused in one sentence."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.web.connections import SlowBodyError

FORM = "application/x-www-form-urlencoded"


async def body_of(request: web.Request) -> bytes:
    """HTTPBadRequest if it breaks off, or is not encoded as the headers say."""
    try:
        return await request.read()
    except SlowBodyError:
        raise
    except (web.RequestPayloadError, HttpProcessingError, OSError):
        raise web.HTTPBadRequest(reason="The body can't be read") from None


async def form_of(request: web.Request) -> Mapping[str, Any]:
    """HTTPBadRequest if it is no form."""
    if request.content_type != FORM:
        raise web.HTTPBadRequest(reason=f"Send a form as {FORM}")
    await body_of(request)  # which `post` then takes apart
    try:
        return await request.post()
    except (LookupError, ValueError):
        raise web.HTTPBadRequest(reason="The form is not in the character set it names") from None
