"""What one lane has to deliver, in order, and the lanes that this process holds for it."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from state.model.work import OutboxRow, Queue
from state.ports import Claims

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Chain:
    """Rows of one lane that are not marked yet, the one that is under way first."""

    lane: str
    rows: deque[OutboxRow] = field(default_factory=deque)
    broken: bool = False
    """The first has to be tried again, so the others wait in the outbox."""

    def goes_on(self, later: "Chain", earlier: Collection[int]) -> bool:
        """Take more rows on, unless others that are not in here have to go before them."""
        if self.broken or not {row.id for row in self.rows}.issuperset(earlier):
            return False
        self.rows.extend(later.rows)
        return True


def chains(rows: Iterable[OutboxRow]) -> dict[str, Chain]:
    found: dict[str, Chain] = {}
    for row in rows:
        found.setdefault(row.lane, Chain(row.lane)).rows.append(row)
    return found


class LaneClaims:
    """Claims on lanes, counted: a lane is let go when nobody of this process needs it."""

    def __init__(self, claims: Claims, queue: Queue) -> None:
        self._claims = claims
        self._queue = queue
        self._uses: Counter[str] = Counter()
        self._turn = asyncio.Lock()

    async def hold(self, lanes: Collection[str]) -> frozenset[str]:
        """Those that are ours, to be let go one by one."""
        async with self._turn:
            ours = await self._claims.claim([self._claim(lane) for lane in lanes])
            held = frozenset(lane for lane in lanes if self._claim(lane) in ours)
            self._uses.update(held)
            return held

    async def let_go(self, lanes: Collection[str]) -> None:
        self._uses.subtract(lanes)
        async with self._turn:
            free = [lane for lane in lanes if self._uses[lane] <= 0]
            for lane in free:
                del self._uses[lane]
            if free:
                await self._claims.release([self._claim(lane) for lane in free])

    def holds(self, lane: str) -> bool:
        """Else another process may have gone on with it already."""
        return self._claims.holds(self._claim(lane))

    def _claim(self, lane: str) -> str:
        return f"{self._queue}:{lane}"
