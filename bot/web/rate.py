"""How often somebody may ask: a bucket that empties by one a request and fills with time."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True, kw_only=True)
class Bucket:
    rate: int
    """Requests a second, and as many at once after a quiet second."""
    left: float
    at: datetime

    def take(self, now: datetime) -> timedelta | None:
        """None if there was one to take, else how long until there is."""
        self.left = min(self.rate, self.left + self.rate * (now - self.at).total_seconds())
        self.at = now
        if self.left < 1:
            return timedelta(seconds=(1 - self.left) / self.rate)
        self.left -= 1
        return None


def full_bucket(rate: int, now: datetime) -> Bucket:
    return Bucket(rate=rate, left=rate, at=now)
