"""The demo's clock: real time, which the person at the page may move forward."""

from datetime import UTC, datetime, timedelta


class DemoClock:
    """A `state.ports.Clock`. Moving it forward makes a day's lock something one can watch end."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._latest = datetime.min.replace(tzinfo=UTC)

    @property
    def ahead(self) -> timedelta:
        """How far it runs before real time."""
        return self._ahead

    def now(self) -> datetime:
        self._latest = max(self._latest, datetime.now(UTC) + self._ahead)
        return self._latest

    def is_steady(self) -> bool:
        """Moved by hand, and on purpose."""
        return True

    def forward(self, by: timedelta) -> None:
        if by < timedelta():
            message = "a clock that goes back would reopen what time has closed"
            raise ValueError(message)
        self._ahead += by
