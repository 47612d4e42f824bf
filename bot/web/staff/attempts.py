"""How often somebody may fail to sign in."""

import ipaddress
from collections import deque
from datetime import datetime, timedelta

from aiohttp import web

MOST = 10
WITHIN = timedelta(minutes=10)
REMEMBERED = 10_000
"""Callers; of more, those that failed longest ago are forgotten."""


class Attempts:
    """Failures by caller. In memory: what is guessed at is far too long to be guessed."""

    def __init__(self) -> None:
        self._failed: dict[str, deque[datetime]] = {}

    def wait(self, caller: str, now: datetime) -> timedelta | None:
        """How long until the next try; None if there is one left."""
        failed = self._failed.get(caller, deque())
        while failed and failed[0] <= now - WITHIN:
            failed.popleft()
        return failed[0] + WITHIN - now if len(failed) >= MOST else None

    def failed(self, caller: str, now: datetime) -> None:
        failed = self._failed.pop(caller, deque(maxlen=MOST))
        failed.append(now)
        self._failed[caller] = failed
        while len(self._failed) > REMEMBERED:
            del self._failed[next(iter(self._failed))]


def caller_of(request: web.Request) -> str:
    """The browser's address; behind a proxy of ours it is the last one that the proxy added."""
    peer = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and _is_near(peer) else peer


def _is_near(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_private
    except ValueError:
        return False
