"""Carries outbox rows out: one at a time a lane, tried again later, given up with a reason."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias, assert_never

from bot.pace import Pace
from bot.together import Together
from bot.watch import Watch
from state.model.work import OutboxRow, Queue
from state.ports import Claims, Clock, OutboxDoor, Transact, UnitOfWork

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=24)
"""After so long a task that keeps failing is given up."""
LONGEST_PAUSE = timedelta(seconds=60)
WIDTH = 4
"""Deliveries under way at once: enough for Telegram's 30 messages a second, and as many as may be
sent twice when the process is killed."""
DEPTH = 8
"""Rows of one lane that are taken out at once."""
LONGEST_SLEEP = 0.5
"""Seconds; a clock that is moved by hand is noticed within this time."""

Record = Callable[[UnitOfWork], Awaitable[None]]


async def nothing_to_record(unit: UnitOfWork) -> None:
    """A delivery that leaves nothing to remember."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Done; `record` is saved in the same transaction that marks the row."""

    record: Record = nothing_to_record


@dataclass(frozen=True, slots=True)
class TryLater:
    reason: str
    after: timedelta | None = None
    """As the other side asked; `None` backs off by the number of tries."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    reason: str
    record: Record = nothing_to_record


Outcome: TypeAlias = Delivered | TryLater | GiveUp
_NAMES: Mapping[type[Outcome], str] = {
    Delivered: "delivered",
    TryLater: "later",
    GiveUp: "given_up",
}
Deliver = Callable[[OutboxRow], Awaitable[Outcome]]
Settled: TypeAlias = tuple[OutboxRow, Outcome]


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
        self._claims = claims
        self._transact = transact
        self._deliver = deliver
        self._clock = clock
        self._pace = pace or Pace(clock)
        self._width = width
        self._queue = queue
        self._patience = patience
        self._longest_pause = longest_pause
        self._watch = watch
        self._busy: set[str] = set()
        self._resting: set[str] = set()
        self._news = asyncio.Event()
        self._stopping = False
        self._marks = Together(self._mark)

    def stop(self) -> None:
        """Finish the deliveries that are under way, begin no others."""
        self._stopping = True
        self._news.set()

    def wake(self) -> None:
        """Something was committed that may be due now."""
        self._news.set()

    async def run(self) -> None:
        """Until stopped. A delivery cut off by a crash is made again at the start."""
        async with asyncio.TaskGroup() as deliveries:
            while not self._stopping:
                self._news.clear()
                lanes = await self._due()
                for rows in lanes:
                    self._busy.add(rows[0].lane)
                    deliveries.create_task(self._carry_lane(rows))
                if not lanes:
                    await self._wait()

    async def _due(self) -> list[list[OutboxRow]]:
        """Lanes that can go on, each with what is due in it; asked for several at a time."""
        room = self._width - len(self._busy) + len(self._resting)
        if room <= self._width // 2 or self._pace.desk_rest():
            return []
        try:
            return await self._claimed(room)
        except Exception:
            log.exception("the outbox could not be read; it is tried again")
            return []

    async def _claimed(self, room: int) -> list[list[OutboxRow]]:
        """Rows are read after their lane is claimed: whoever held it may just have finished."""
        theirs: frozenset[str] = frozenset()
        now = self._clock.now()
        while heads := await self._door.due(
            now, limit=room, busy_lanes=self._busy.union(theirs), queue=self._queue
        ):
            lanes = {head.lane for head in heads}
            ours = await self._claims.claim([self._claim(lane) for lane in lanes])
            found: dict[str, list[OutboxRow]] = {
                lane: [] for lane in lanes if self._claim(lane) in ours
            }
            theirs |= lanes - found.keys()
            rows = await self._door.due_in(found, now, depth=DEPTH) if found else ()
            for row in rows:
                found[row.lane].append(row)
            await self._let_go(lane for lane, rows in found.items() if not rows)
            if rows:
                return [rows for rows in found.values() if rows]
        return []

    def _is_ours(self, lane: str) -> bool:
        """Else another process may have gone on with it already."""
        return self._claims.holds(self._claim(lane))

    def _claim(self, lane: str) -> str:
        return f"{self._queue}:{lane}"

    async def _let_go(self, lanes: Iterable[str]) -> None:
        await self._claims.release([self._claim(lane) for lane in lanes])

    async def _carry_lane(self, rows: Sequence[OutboxRow]) -> None:
        """In order, up to the first that has to be tried again."""
        for row in rows:
            if rest := self._pace.take(row.lane):
                self._rest(row.lane, rest)
                return
            outcome = await self.carry(row)
            if self._stopping or isinstance(outcome, TryLater) or not self._is_ours(row.lane):
                break
        await self._let_go([rows[0].lane])
        self._free(rows[0].lane)

    def _rest(self, lane: str, seconds: float) -> None:
        """It stays claimed, so that nobody else goes on with it faster, but takes no place."""
        self._resting.add(lane)
        asyncio.get_running_loop().call_later(seconds, self._free, lane)

    def _free(self, lane: str) -> None:
        self._resting.discard(lane)
        self._busy.discard(lane)
        self._news.set()

    async def _wait(self) -> None:
        rest = self._pace.desk_rest() or LONGEST_SLEEP
        try:
            await asyncio.wait_for(self._news.wait(), min(rest, LONGEST_SLEEP))
        except TimeoutError:
            return

    async def carry(self, row: OutboxRow) -> Outcome:
        """Deliver one row and mark what became of it."""
        with self._watch.delivery(row) as seen:
            try:
                outcome = await self._deliver(row)
            except Exception:
                log.exception("delivering outbox row %s failed", row.id)
                outcome = TryLater("an error of our own")
            if isinstance(outcome, TryLater) and self._clock.now() - row.due_at > self._patience:
                outcome = GiveUp(self._enough(outcome.reason))
            seen.came_out(_NAMES[type(outcome)])
            await self._marks.add((row, outcome))
            return outcome

    async def _mark(self, settled: Sequence[Settled]) -> None:
        """Until it is saved: delivering again what only could not be marked would double it."""

        async def work(unit: UnitOfWork) -> None:
            for row, outcome in settled:
                await self._settle(unit, row, outcome)

        while True:
            try:
                return await self._transact(work)
            except Exception:
                log.exception("%s deliveries are made but could not be marked", len(settled))
                await asyncio.sleep(LONGEST_SLEEP)

    async def _settle(self, unit: UnitOfWork, row: OutboxRow, outcome: Outcome) -> None:
        now = self._clock.now()
        match outcome:
            case Delivered(record):
                await record(unit)
                await unit.outbox.finish(row, now)
            case TryLater(reason, after):
                pause = after if after is not None else self._pause(row.tries)
                await unit.outbox.retry(row, not_before=now + pause, reason=reason)
            case GiveUp(reason, record):
                log.warning("outbox row %s is given up: %s", row.id, reason)
                await record(unit)
                await unit.outbox.give_up(row, at=now, reason=reason)
            case _:
                assert_never(outcome)

    def _enough(self, reason: str) -> str:
        days = self._patience.days
        return f"tried for {'a day' if days == 1 else f'{days} days'}: {reason}"

    def _pause(self, tries: int) -> timedelta:
        """1, 2, 4, 8 … seconds, up to the longest."""
        return min(timedelta(seconds=2 ** min(tries, 20)), self._longest_pause)
