"""Rate limiter by key, in memory: a sliding window log."""

import math
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` events in any window of `seconds` seconds."""

    most: int
    seconds: float

    def shared(self, processes: int) -> "Limit":
        """The share of one process, so that `processes` of them together keep to this limit."""
        part = max(1, self.most // processes)
        return Limit(part, self.seconds * processes * part / self.most)


class Window:
    """Sliding window log: the moments of recent events, in seconds of any one clock."""

    __slots__ = ("_times",)

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def wait_seconds(self, limit: Limit, now: float) -> float:
        """Seconds until one more event is allowed; 0 if it is allowed now."""
        while self._times and self._times[0] <= now - limit.seconds:
            self._times.popleft()
        if len(self._times) < limit.most:
            return 0.0
        return self._times[-limit.most] + limit.seconds - now

    def add(self, now: float, times: int = 1) -> None:
        """Record `times` events at `now`."""
        self._times.extend([now] * times)

    def __len__(self) -> int:
        return len(self._times)

    @property
    def newest(self) -> float:
        """Moment of the latest event in the log; minus infinity if the log is empty."""
        return self._times[-1] if self._times else -math.inf


class RateLimiter(Generic[K]):
    """One sliding window per key, in memory.

    Keys without an event in the last `span` seconds are dropped.
    """

    def __init__(self, span: float, *, most_keys: int | None = None) -> None:
        """`span`: seconds; `most_keys`.

        Above this many keys, the least recently used are dropped.
        """
        self._span = span
        self._most_keys = most_keys
        self._windows: OrderedDict[K, Window] = OrderedDict()

    def wait_seconds(self, key: K, limit: Limit, now: float) -> float:
        """Seconds until one more event of this key is allowed; 0 if it is allowed now."""
        window = self._windows.get(key)
        return 0.0 if window is None else window.wait_seconds(limit, now)

    def add(self, key: K, now: float, times: int = 1) -> None:
        """Record `times` events of this key at `now`, and drop idle keys."""
        self._windows.setdefault(key, Window()).add(now, times)
        self._windows.move_to_end(key)
        while next(iter(self._windows.values())).newest < now - self._span:
            self._windows.popitem(last=False)
        while self._most_keys is not None and len(self._windows) > self._most_keys:
            self._windows.popitem(last=False)

    def __len__(self) -> int:
        """Number of events held, over all keys."""
        return sum(map(len, self._windows.values()))
