"""How often a caller may fail to sign in."""

from collections import deque
from datetime import datetime, timedelta

MOST = 10
WITHIN = timedelta(minutes=10)
REMEMBERED = 10_000
"""Callers; of more, those that failed longest ago are forgotten."""


class FailedSignIns:
    """Failures by caller. In memory: what is guessed at is far too long to be guessed.

    Ask only about what has failed: behind a proxy that does not say who calls, all callers are
    one, and whoever brings the right thing must not wait for those who bring wrong ones.
    """

    def __init__(self) -> None:
        self._failed: dict[str, deque[datetime]] = {}

    def wait(self, caller: str, now: datetime) -> timedelta | None:
        """How long until the next failure is allowed; None if there is one left."""
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
