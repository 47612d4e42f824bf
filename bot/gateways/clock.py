"""The one place that reads the computer's clock."""

from datetime import UTC, datetime


class SystemClock:
    """Aware UTC, never earlier than a moment given before."""

    def __init__(self) -> None:
        self._latest = datetime.now(UTC)

    def now(self) -> datetime:
        self._latest = max(self._latest, datetime.now(UTC))
        return self._latest
