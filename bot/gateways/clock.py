"""System clock in UTC; the only module that reads the machine's clock."""

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

LARGEST_DRIFT = 300.0
"""Seconds per hour. More is no NTP correction: the clock was set, or is broken."""
SAMPLE_EVERY = 60.0
SAMPLES = 60
"""Samples kept of the wall clock's lead over the monotonic clock.

One per minute, an hour in all.
"""


def _wall() -> datetime:
    return datetime.now(UTC)


_TICKS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _ticks() -> float:
    """Monotonic clock in seconds; where the system allows, it counts sleep as well."""
    return time.clock_gettime(_TICKS)


def _whole(moment: datetime) -> datetime:
    """Truncate to milliseconds, as databases store them; rounding up would end a lock early."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemClock:
    """Aware UTC time that never goes back and ignores jumps of the wall clock.

    A jump of the wall clock moves no lock and no rate limit: as long as the wall clock differs
    from the monotonic clock by more than `LARGEST_DRIFT` compared to the last hour's samples, time
    advances by the monotonic clock alone. Several small jumps in a row are caught the same way.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = _wall,
        ticks: Callable[[], float] = _ticks,
    ) -> None:
        """`wall` and `ticks` replace the wall clock and the monotonic clock (seconds) in tests."""
        self._wall = wall
        self._ticks = ticks
        self._steady = True
        self._start = self._latest = wall()
        self._start_at = ticks()
        self._ahead = 0.0
        self._samples = deque([self._ahead], maxlen=SAMPLES)
        self._sampled_at = self._start_at

    def now(self) -> datetime:
        """The current time, UTC, truncated to milliseconds."""
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
        """Record the trusted drift, once for each minute that has passed."""
        minutes = int((ticks - self._sampled_at) / SAMPLE_EVERY)
        self._samples.extend([self._ahead] * min(minutes, SAMPLES))
        self._sampled_at += minutes * SAMPLE_EVERY

    def is_steady(self) -> bool:
        """Whether the wall clock is trusted now: it has not jumped."""
        self.now()
        return self._steady

    def not_before(self, moment: datetime) -> None:
        """Set the clock to `moment` if it is behind, so that no stored record lies ahead."""
        if moment > self._latest:
            self._start, self._start_at, self._latest = moment, self._ticks(), moment
            self._ahead = 0.0
            self._samples = deque([self._ahead], maxlen=SAMPLES)

    def _note(self, *, steady: bool, off: timedelta) -> None:
        self._steady = steady
        said = "is right again" if steady else f"was moved by {off}: no calls until it is right"
        log.error("the computer's clock %s", said)
