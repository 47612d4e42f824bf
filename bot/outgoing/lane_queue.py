"""Queue of the rows of one lane in memory, and claims on lanes among processes."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from state.model.work import OutboxRow, Queue
from state.ports import Claims

log = logging.getLogger(__name__)


@dataclass(slots=True)
class LaneQueue:
    """In-memory queue of one lane's rows; the first one is being delivered, or is next."""

    lane: str
    rows: deque[OutboxRow] = field(default_factory=deque)
    stopped: bool = False
    """True once the first row has to be retried: the others wait in the outbox."""

    def append(self, later: "LaneQueue", earlier: Collection[int]) -> bool:
        """Append later rows; False if rows that are not in here must be delivered first."""
        if self.stopped or not {row.id for row in self.rows}.issuperset(earlier):
            return False
        self.rows.extend(later.rows)
        return True


def by_lane(rows: Iterable[OutboxRow]) -> dict[str, LaneQueue]:
    """Group rows by lane, keeping their order."""
    found: dict[str, LaneQueue] = {}
    for row in rows:
        found.setdefault(row.lane, LaneQueue(row.lane)).rows.append(row)
    return found


class LaneClaims:
    """Reference-counted claims on lanes, which other processes may want too.

    A lane is released when its last use in this process is dropped.
    """

    def __init__(self, claims: Claims, queue: Queue) -> None:
        self._claims = claims
        self._queue = queue
        self._uses: Counter[str] = Counter()
        self._turn = asyncio.Lock()

    async def claim(self, lanes: Collection[str]) -> frozenset[str]:
        """Claim lanes; returns those that are ours. Call `release` for each later."""
        async with self._turn:
            ours = await self._claims.claim([self._name(lane) for lane in lanes])
            held = frozenset(lane for lane in lanes if self._name(lane) in ours)
            self._uses.update(held)
            return held

    async def release(self, lanes: Collection[str]) -> None:
        """Drop one use of each lane, and release the lanes without uses."""
        self._uses.subtract(lanes)
        async with self._turn:
            free = [lane for lane in lanes if self._uses[lane] <= 0]
            for lane in free:
                del self._uses[lane]
            if free:
                await self._claims.release([self._name(lane) for lane in free])

    def holds(self, lane: str) -> bool:
        """Whether the claim still holds; if not, another process may deliver in the lane."""
        return self._claims.holds(self._name(lane))

    def _name(self, lane: str) -> str:
        return f"{self._queue}:{lane}"
