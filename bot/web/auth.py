"""Who may speak for the marketplace, and how fast: bearer tokens, compared in constant time."""

import hashlib
import hmac
import math
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.problem import problem
from bot.web.rate import full_bucket
from state.ports import Clock

_SCHEME = "bearer "


class Guard:
    """Lets in whoever holds one of the tokens; each token has a pace of its own."""

    def __init__(self, tokens: Sequence[str], *, rate: int, clock: Clock) -> None:
        """`rate` is in requests a second."""
        self._buckets = {_digest(token): full_bucket(rate, clock.now()) for token in tokens}
        self._clock = clock

    def __call__(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            token = self._token(request.headers.get("Authorization", ""))
            if token is None:
                return _unknown()
            pause = self._buckets[token].take(self._clock.now())
            return _too_fast(pause) if pause else await handler(request)

        return guarded

    def _token(self, header: str) -> bytes | None:
        """Every token is compared, so that the time tells neither which one fits nor how far."""
        given = _digest(header[len(_SCHEME) :])
        matches = [known for known in self._buckets if hmac.compare_digest(given, known)]
        return matches[0] if matches and header[: len(_SCHEME)].lower() == _SCHEME else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _unknown() -> web.Response:
    return problem(
        HTTPStatus.UNAUTHORIZED,
        "Send one of the API tokens as a bearer token.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _too_fast(pause: timedelta) -> web.Response:
    seconds = max(1, math.ceil(pause.total_seconds()))
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "This token asks too often: wait as long as Retry-After says.",
        headers={"Retry-After": str(seconds)},
    )
