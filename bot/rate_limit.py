"""The rate limiter: at most so many in any so many seconds (a sliding window log), by key."""

import math
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in any so many seconds."""

    most: int
    seconds: float

    def shared(self, processes: int) -> "Limit":
        """One process's part, so that all together keep to the whole."""
        part = max(1, self.most // processes)
        return Limit(part, self.seconds * processes * part / self.most)


class Window:
    """When the latest were; moments in seconds."""

    __slots__ = ("_times",)

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def rest(self, limit: Limit, now: float) -> float:
        """Seconds until there is room for one more; 0 if there is."""
        while self._times and self._times[0] <= now - limit.seconds:
            self._times.popleft()
        if len(self._times) < limit.most:
            return 0.0
        return self._times[-limit.most] + limit.seconds - now

    def add(self, now: float, times: int = 1) -> None:
        self._times.extend([now] * times)

    def __len__(self) -> int:
        return len(self._times)

    @property
    def newest(self) -> float:
        """Long ago, where all that there were are forgotten."""
        return self._times[-1] if self._times else -math.inf


class RateLimiter(Generic[K]):
    """A window for each key, in memory; keys that were quiet for `span` seconds are forgotten."""

    def __init__(self, span: float, *, most_keys: int | None = None) -> None:
        """Of more than `most_keys` keys, those that were quiet longest are forgotten."""
        self._span = span
        self._most_keys = most_keys
        self._windows: OrderedDict[K, Window] = OrderedDict()

    def rest(self, key: K, limit: Limit, now: float) -> float:
        """Seconds until there is room for one more; 0 if there is."""
        window = self._windows.get(key)
        return 0.0 if window is None else window.rest(limit, now)

    def add(self, key: K, now: float, times: int = 1) -> None:
        self._windows.setdefault(key, Window()).add(now, times)
        self._windows.move_to_end(key)
        while next(iter(self._windows.values())).newest < now - self._span:
            self._windows.popitem(last=False)
        while self._most_keys is not None and len(self._windows) > self._most_keys:
            self._windows.popitem(last=False)

    def __len__(self) -> int:
        """Events that are kept in mind."""
        return sum(map(len, self._windows.values()))
