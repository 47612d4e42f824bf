"""The one place that reads the computer's clock."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

LARGEST_STEP = timedelta(minutes=5)
"""More than time servers correct at once: somebody moved the clock, or it is broken."""


def _wall() -> datetime:
    return datetime.now(UTC)


def _ticks() -> timedelta:
    """Since some moment, whatever happens to the clock; sleep counts where the system knows it."""
    kind = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(seconds=time.clock_gettime(kind))


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
        ticks: Callable[[], timedelta] = _ticks,
    ) -> None:
        self._wall = wall
        self._ticks = ticks
        self._steady = True
        self._seen, self._seen_at = wall(), ticks()
        self._latest = self._seen

    def now(self) -> datetime:
        wall, ticks = self._wall(), self._ticks()
        expected = self._seen + (ticks - self._seen_at)
        steady = abs(wall - expected) <= LARGEST_STEP
        if steady:
            self._seen, self._seen_at = wall, ticks
        self._note(steady=steady, off=wall - expected)
        self._latest = max(self._latest, wall if steady else expected)
        return _whole(self._latest)

    def is_steady(self) -> bool:
        self.now()
        return self._steady

    def not_before(self, moment: datetime) -> None:
        """What was recorded before the start is past, whatever the clock says now."""
        if moment > self._seen:
            self._seen = self._latest = moment

    def _note(self, *, steady: bool, off: timedelta) -> None:
        if steady is not self._steady:
            self._steady = steady
            said = (
                "is right again" if steady else f"was moved by {off}: no calls until it is right"
            )
            log.error("the computer's clock %s", said)
