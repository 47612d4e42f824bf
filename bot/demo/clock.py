"""Clock of the demo: real time plus an offset that the page can increase."""

from datetime import UTC, datetime, timedelta


class DemoClock:
    """Implements `state.ports.Clock`; can be moved forward, for instance to see a lock end."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._latest = datetime.min.replace(tzinfo=UTC)

    @property
    def ahead(self) -> timedelta:
        """Offset to real time."""
        return self._ahead

    def now(self) -> datetime:
        self._latest = max(self._latest, datetime.now(UTC) + self._ahead)
        return self._latest

    def is_steady(self) -> bool:
        """Always true: this clock is set by hand on purpose."""
        return True

    def forward(self, by: timedelta) -> None:
        """Increase the offset; ValueError if `by` is negative."""
        if by < timedelta():
            message = "a clock that goes back would reopen what time has closed"
            raise ValueError(message)
        self._ahead += by
