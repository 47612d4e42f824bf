"""Carries outbox rows out: one at a time a lane, tried again later, given up with a reason."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from bot.chains import Chain, Held, chains
from bot.outcomes import NAMES, Deliver, Marks, Outcome, Persistence, TryLater
from bot.pace import Pace
from bot.watch import Watch
from state.model.work import OutboxRow, Queue
from state.ports import Claims, Clock, OutboxDoor, Transact

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=24)
"""After so long a task that keeps failing is given up."""
LONGEST_PAUSE = timedelta(seconds=60)
WIDTH = 16
"""Deliveries under way at once, each in another lane: at most so many messages are sent twice when
the process is killed. Telegram's 30 messages a second need four."""
LATE = timedelta(seconds=2)
"""Where rows have waited longer, those that are new wait behind them."""
MOST_READY = 64
"""Lanes that were handed over and wait for a place; what is beyond waits in the outbox alone."""
DEPTH = 8
"""Rows of one lane that are taken out at once."""
LONGEST_SLEEP = 0.5
"""Seconds; a clock that is moved by hand is noticed within this time."""


class OutboxWorker:
    """The only place from which anything leaves for the outside."""

    def __init__(
        self,
        *,
        door: OutboxDoor,
        claims: Claims,
        transact: Transact,
        deliver: Deliver,
        clock: Clock,
        pace: Pace | None = None,
        width: int = WIDTH,
        queue: Queue = Queue.CHATS,
        patience: timedelta = PATIENCE,
        longest_pause: timedelta = LONGEST_PAUSE,
        watch: Watch,
    ) -> None:
        self._door = door
        self._deliver = deliver
        self._clock = clock
        self._pace = pace or Pace(clock)
        self._width = width
        self._queue = queue
        self._watch = watch
        self._held = Held(claims, queue)
        self._chains: dict[str, Chain] = {}
        """By lane: what is being delivered, or waits for a place."""
        self._ready: deque[Chain] = deque()
        self._under_way = 0
        self._looking: frozenset[str] = frozenset()
        """Lanes whose rows are being read."""
        self._promised: set[str] = set()
        """Lanes whose next rows will be handed over; until then nothing is read of them."""
        self._look, self._looked_at = True, 0.0
        self._behind = False
        """More waits in the outbox than was taken out: what is new has to wait its turn."""
        self._news = asyncio.Event()
        self._stopping = False
        self._left: list[str] = []
        """Lanes to be let go."""
        self._persistence = Persistence(patience=patience, longest_pause=longest_pause)
        self._marks = Marks(transact, clock, self._persistence)

    def stop(self) -> None:
        """Finish the deliveries that are under way, begin no others."""
        self._stopping = True
        self._news.set()

    def wake(self) -> None:
        """Something was committed that may be due now."""
        self._look = True
        self._news.set()

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        ours = await self._held.hold(lanes)
        self._promised |= ours - self._looking
        return ours

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """Rows that can't be taken in their order are found in the outbox, like all others."""
        begun = set()
        for lane, chain in chains(rows).items():
            before = self._chains.get(lane)
            first = earlier.get(lane, frozenset())
            if lane not in self._promised or not self._may_begin():
                self._look = True
            elif before is None and not first:
                self._chains[lane] = chain
                self._ready.append(chain)
                begun.add(lane)
            elif before is None or not before.goes_on(chain, first):
                self._look = True
        self._promised.difference_update(reserved)
        self._news.set()
        await self._held.let_go(set(reserved) - begun)

    def _may_begin(self) -> bool:
        return not self._behind and len(self._ready) <= MOST_READY

    async def run(self) -> None:
        """Until stopped. A delivery cut off by a crash is made again at the start."""
        async with asyncio.TaskGroup() as deliveries:
            while not self._stopping:
                self._news.clear()
                await self._let_go()
                await self._look_into_outbox()
                while self._ready and self._under_way < self._width and not self._pace.desk_rest():
                    self._under_way += 1
                    deliveries.create_task(self._carry_lane(self._ready.popleft()))
                await self._wait()
        await self._let_go()

    async def _let_go(self) -> None:
        left, self._left = self._left, []
        if left:
            await self._held.let_go(left)

    async def _look_into_outbox(self) -> None:
        """When there may be something in it, and there is room for several lanes."""
        room = self._room()
        if not self._look or room <= self._width // 2 or self._pace.desk_rest():
            return
        self._look, self._looked_at = False, asyncio.get_running_loop().time()
        try:
            found = await self._claimed(room)
        except Exception:
            log.exception("the outbox could not be read; it is tried again")
            return
        self._ready.extend(found)
        self._behind = len(found) >= room and self._is_late(found)
        self._look = self._look or bool(found)

    def _is_late(self, found: Sequence[Chain]) -> bool:
        oldest = min(chain.rows[0].due_at for chain in found)
        return self._clock.now() - oldest > LATE

    def _room(self) -> int:
        """However much is handed over, what waits in the outbox gets its share."""
        room = self._width - self._under_way - len(self._ready)
        if asyncio.get_running_loop().time() - self._looked_at < LONGEST_SLEEP:
            return room
        self._look = True
        return max(room, self._width // 2 + 1)

    async def _claimed(self, room: int) -> list[Chain]:
        """Rows are read after their lane is claimed: whoever held it may just have finished."""
        theirs: frozenset[str] = frozenset()
        now = self._clock.now()
        while heads := await self._door.due(
            now, limit=room, busy_lanes=self._taken(theirs), queue=self._queue
        ):
            lanes = {head.lane for head in heads} - self._taken(theirs)
            self._looking = frozenset(lanes)
            try:
                ours = await self._held.hold(lanes)
                theirs |= lanes - ours
                found = chains(await self._door.due_in(ours, now, depth=DEPTH) if ours else ())
                self._chains |= found
            finally:
                self._looking = frozenset()
            await self._held.let_go(ours - found.keys())
            if found:
                return list(found.values())
        return []

    def _taken(self, theirs: frozenset[str]) -> frozenset[str]:
        return theirs.union(self._chains, self._promised)

    async def _carry_lane(self, chain: Chain) -> None:
        """In order, up to the first that has to be tried again."""
        while chain.rows and not chain.broken:
            if rest := self._pace.take(chain.lane):
                self._rest(chain, rest)
                return
            outcome = await self.carry(chain.rows[0])
            chain.rows.popleft()
            chain.broken = (
                self._stopping or isinstance(outcome, TryLater) or not self._held.holds(chain.lane)
            )
        self._under_way -= 1
        self._leave(chain)

    def _rest(self, chain: Chain, seconds: float) -> None:
        """It stays claimed, so that nobody else goes on with it faster, but takes no place."""
        self._under_way -= 1
        chain.broken = True
        asyncio.get_running_loop().call_later(seconds, self._leave, chain)
        self._news.set()

    def _leave(self, chain: Chain) -> None:
        """What is left of it is read anew, as it is by then."""
        del self._chains[chain.lane]
        self._left.append(chain.lane)
        self._look = self._look or bool(chain.rows)
        self._news.set()

    async def _wait(self) -> None:
        rest = self._pace.desk_rest()
        if self._look and not rest and self._room() > self._width // 2:
            return
        with suppress(TimeoutError):  # `wait_for` would swallow a cancellation beside the news
            async with asyncio.timeout(min(rest or LONGEST_SLEEP, LONGEST_SLEEP)):
                await self._news.wait()

    async def carry(self, row: OutboxRow) -> Outcome:
        """Deliver one row and mark what became of it."""
        with self._watch.delivery(row) as seen:
            try:
                outcome = await self._deliver(row)
            except Exception:
                log.exception("delivering outbox row %s failed", row.id)
                outcome = TryLater("an error of our own")
            outcome = self._persistence.unless_enough(row, outcome, self._clock.now())
            seen.came_out(NAMES[type(outcome)])
            await self._marks.add(row, outcome)
            return outcome
