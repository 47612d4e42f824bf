"""Stops asking somebody who fails time and again, and tries now and then whether they are back."""

from datetime import datetime, timedelta

from state.ports import Clock

LIMIT = 3
"""Failures in a row that open it."""
REST = timedelta(seconds=30)


class Circuit:
    def __init__(self, clock: Clock, *, limit: int = LIMIT, rest: timedelta = REST) -> None:
        self._clock = clock
        self._limit = limit
        self._rest = rest
        self._failures = 0
        self._shut_until: datetime | None = None

    def lets_through(self) -> bool:
        """Once it has opened: only one, after each rest, to see."""
        if self._shut_until is None:
            return True
        now = self._clock.now()
        if now < self._shut_until:
            return False
        self._shut_until = now + self._rest
        return True

    def succeeded(self) -> None:
        self._failures, self._shut_until = 0, None

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= self._limit:
            self._shut_until = self._clock.now() + self._rest
