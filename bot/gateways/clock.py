"""The one place that reads the computer's clock."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

LARGEST_STEP = 300.0
"""Seconds; more than time servers correct at once: somebody moved the clock, or it is broken."""


def _wall() -> datetime:
    return datetime.now(UTC)


_TICKS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _ticks() -> float:
    """Seconds since some moment, whatever happens to the clock; also while the computer sleeps."""
    return time.clock_gettime(_TICKS)


def _whole(moment: datetime) -> datetime:
    """In milliseconds, as databases keep it: rounded there, a lock would end too early."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemClock:
    """Aware UTC, never earlier than a moment given before.

    A step of the computer's clock moves no lock and no limit: as long as the clock and the ticks
    of the machine disagree, time goes on by the ticks alone.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = _wall,
        ticks: Callable[[], float] = _ticks,
    ) -> None:
        self._wall = wall
        self._ticks = ticks
        self._steady = True
        self._seen, self._seen_at = wall(), ticks()
        self._latest = self._seen

    def now(self) -> datetime:
        wall, ticks = self._wall(), self._ticks()
        passed = ticks - self._seen_at
        off = (wall - self._seen).total_seconds() - passed
        steady = abs(off) <= LARGEST_STEP
        if steady is not self._steady:
            self._note(steady=steady, off=timedelta(seconds=off))
        if steady:
            self._seen, self._seen_at = wall, ticks
        else:
            wall = self._seen + timedelta(seconds=passed)
        self._latest = max(self._latest, wall)
        return _whole(self._latest)

    def is_steady(self) -> bool:
        self.now()
        return self._steady

    def not_before(self, moment: datetime) -> None:
        """What was recorded before the start is past, whatever the clock says now."""
        if moment > self._seen:
            self._seen = self._latest = moment

    def _note(self, *, steady: bool, off: timedelta) -> None:
        self._steady = steady
        said = "is right again" if steady else f"was moved by {off}: no calls until it is right"
        log.error("the computer's clock %s", said)
