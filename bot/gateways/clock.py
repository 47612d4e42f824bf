"""The one place that reads the computer's clock."""

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

LARGEST_DRIFT = 300.0
"""Seconds in an hour. More is no correction: the clock was moved, or it is broken."""
SAMPLE_EVERY = 60.0
SAMPLES = 60
"""One a minute: how far the clock was ahead of the ticks within the last hour."""


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

    A step of the computer's clock moves no lock and no limit: as long as the clock is further off
    the ticks of the machine than it was within the last hour, time goes on by the ticks alone. So
    steps that are small each, but follow one another, move nothing either.
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
        self._start = self._latest = wall()
        self._start_at = ticks()
        self._ahead = 0.0
        self._samples = deque([self._ahead], maxlen=SAMPLES)
        self._sampled_at = self._start_at

    def now(self) -> datetime:
        wall, ticks = self._wall(), self._ticks()
        passed = ticks - self._start_at
        ahead = (wall - self._start).total_seconds() - passed
        self._sample(ticks)
        farthest = max(ahead - min(self._samples), max(self._samples) - ahead)
        steady = farthest <= LARGEST_DRIFT
        if steady is not self._steady:
            self._note(steady=steady, off=timedelta(seconds=ahead - self._ahead))
        if steady:
            self._ahead = ahead
        trusted = wall if steady else self._start + timedelta(seconds=passed + self._ahead)
        self._latest = max(self._latest, trusted)
        return _whole(self._latest)

    def _sample(self, ticks: float) -> None:
        """Note the drift that is trusted now, once for each minute that has passed."""
        minutes = int((ticks - self._sampled_at) / SAMPLE_EVERY)
        self._samples.extend([self._ahead] * min(minutes, SAMPLES))
        self._sampled_at += minutes * SAMPLE_EVERY

    def is_steady(self) -> bool:
        self.now()
        return self._steady

    def not_before(self, moment: datetime) -> None:
        """What was recorded before the start is past, whatever the clock says now."""
        if moment > self._latest:
            self._start, self._start_at, self._latest = moment, self._ticks(), moment
            self._ahead = 0.0
            self._samples = deque([self._ahead], maxlen=SAMPLES)

    def _note(self, *, steady: bool, off: timedelta) -> None:
        self._steady = steady
        said = "is right again" if steady else f"was moved by {off}: no calls until it is right"
        log.error("the computer's clock %s", said)
