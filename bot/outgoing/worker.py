"""Outbox worker: delivers due rows, one at a time per lane, with retries."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Unpack

from bot.gateways.telegram.send_rate import SendRateLimiter
from bot.outgoing.carrier import RowDelivery, RowDeliveryOptions
from bot.outgoing.fair_share import FairShare
from bot.outgoing.lane_queue import LaneClaims, LaneQueue, chains
from bot.outgoing.results import AfterErrors, Deliver, DeliveryResult, FinishRow, TryLater
from bot.telemetry.monitor import Monitor
from state.model.work import OutboxRow, Queue, queue_of
from state.ports import Claims, Clock, OutboxQueue, Transact

log = logging.getLogger(__name__)

WIDTH = 16
"""Concurrent deliveries, each in another lane. Telegram's 30 messages a second need four.

At most so many messages are sent twice if the process is killed.
"""
LATE = timedelta(seconds=2)
"""If the oldest due row has waited longer, new replies queue behind it."""
MOST_READY = 64
"""Lanes handed over that may wait for a free place; further ones stay in the outbox."""
DEPTH = 8
"""Rows of one lane fetched at once."""
MOST_HEADS = 500
"""Lanes to choose from if all rows go into one chat."""
LONGEST_SLEEP = 0.5
"""Seconds; the clock is checked at least this often, in case it is set by hand."""


class OutboxWorker:
    """Delivers the rows of one queue; all that leaves the desk goes through here."""

    def __init__(
        self,
        *,
        door: OutboxQueue,
        claims: Claims,
        clock: Clock,
        pace: SendRateLimiter | None = None,
        width: int = WIDTH,
        queue: Queue = Queue.CHATS,
        shared: FairShare | None = None,
        **carrying: Unpack[RowDeliveryOptions],
    ) -> None:
        """`width`: concurrent deliveries. `shared`: all rows go into this one chat."""
        self._door = door
        self._clock = clock
        self._pace = pace or SendRateLimiter(clock)
        self._width = width
        self._queue = queue
        self._held = LaneClaims(claims, queue)
        self._chains: dict[str, LaneQueue] = {}
        """By lane: queues in delivery, or waiting for a free place."""
        self._ready: deque[LaneQueue] = deque()
        self._under_way = 0
        self._looking: frozenset[str] = frozenset()
        """Lanes whose rows are being read from the outbox."""
        self._promised: set[str] = set()
        """Reserved lanes: not read from the outbox until their replies were handed over."""
        self._look, self._looked_at = True, 0.0
        self._behind = False
        """Whether the outbox holds more late rows than were fetched; new replies queue there."""
        self._news = asyncio.Event()
        self._stopping = False
        self._left: list[str] = []
        """Lanes to release."""
        self._shared = shared
        self._depth = DEPTH if shared is None else 1
        self._carrier = RowDelivery(clock=clock, **carrying)

    def stop(self) -> None:
        """Finish the deliveries in progress and start no more."""
        self._stopping = True
        self._news.set()

    def wake(self) -> None:
        """Look into the outbox soon: rows were committed that may be due."""
        self._look = True
        self._news.set()

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        """Claim lanes for replies to be handed over; returns those that are ours."""
        try:
            ours = await self._held.hold(lanes)
        except Exception:
            log.exception("lanes could not be claimed; their replies are found in the outbox")
            return frozenset()
        self._promised |= ours - self._looking
        return ours

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """Deliver these rows; any that can't go in order now stay in the outbox for later."""
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
        """Deliver until stopped. A delivery cut off by a crash is repeated at the next start."""
        async with asyncio.TaskGroup() as deliveries:
            while not self._stopping:
                self._news.clear()
                await self._let_go()
                await self._look_into_outbox()
                while self._ready and self._under_way < self._width and not self._rests():
                    self._under_way += 1
                    deliveries.create_task(self._carry_lane(self._ready.popleft()))
                await self._wait()
        await self._let_go()

    async def _let_go(self) -> None:
        left, self._left = self._left, []
        if left:
            await self._held.let_go(left)

    async def _look_into_outbox(self) -> None:
        """Fetch due rows, if there may be any and there is room for several lanes."""
        room = self._room()
        if not self._look or room <= self._width // 2 or self._rests():
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

    def _rests(self) -> float:
        """Seconds until anything may be sent; 0 if now."""
        if self._shared is None:
            return self._pace.desk_rest()
        return max(self._pace.rest(self._shared.lane), 0.0)

    def _is_late(self, found: Sequence[LaneQueue]) -> bool:
        oldest = min(chain.rows[0].due_at for chain in found)
        return self._clock.now() - oldest > LATE

    def _room(self) -> int:
        """Number of lanes to fetch; never starved by rows that were handed over."""
        room = self._width - self._under_way - len(self._ready)
        if asyncio.get_running_loop().time() - self._looked_at < LONGEST_SLEEP:
            return room
        self._look = True
        return max(room, self._width // 2 + 1)

    async def _claimed(self, room: int) -> list[LaneQueue]:
        """Claim lanes, then read their rows: another process may just have finished some."""
        theirs: frozenset[str] = frozenset()
        now = self._clock.now()
        while heads := await self._heads(now, room, self._taken(theirs)):
            lanes = {head.lane for head in heads} - self._taken(theirs)
            self._looking = frozenset(lanes)
            try:
                ours = await self._held.hold(lanes)
                theirs |= lanes - ours
                found = chains(
                    await self._door.due_in(ours, now, depth=self._depth) if ours else ()
                )
                self._chains |= found
            finally:
                self._looking = frozenset()
            await self._held.let_go(ours - found.keys())
            if found:
                return list(found.values())
        return []

    async def _heads(self, now: datetime, room: int, taken: frozenset[str]) -> Sequence[OutboxRow]:
        if self._shared is None:
            return await self._door.due(now, limit=room, busy_lanes=taken, queue=self._queue)
        found = await self._door.due(now, limit=MOST_HEADS, busy_lanes=taken, queue=self._queue)
        return self._shared.choose(found, room)

    def _taken(self, theirs: frozenset[str]) -> frozenset[str]:
        return theirs.union(self._chains, self._promised)

    async def _carry_lane(self, chain: LaneQueue) -> None:
        """Deliver the queue's rows in order, up to the first that has to be retried."""
        while chain.rows and not chain.broken:
            if rest := self._pace.take(self._shared.lane if self._shared else chain.lane):
                self._rest(chain, rest)
                return
            outcome = await self.carry(chain.rows[0])
            if self._shared is not None:
                self._shared.served(chain.rows[0])
            chain.rows.popleft()
            chain.broken = (
                self._stopping or isinstance(outcome, TryLater) or not self._held.holds(chain.lane)
            )
        self._under_way -= 1
        self._leave(chain)

    def _rest(self, chain: LaneQueue, seconds: float) -> None:
        """Free this delivery's place while the rate limit lasts, but keep the lane claimed."""
        self._under_way -= 1
        chain.broken = True
        asyncio.get_running_loop().call_later(seconds, self._leave, chain)
        self._news.set()

    def _leave(self, chain: LaneQueue) -> None:
        """Release the lane; its remaining rows are read again later."""
        del self._chains[chain.lane]
        self._left.append(chain.lane)
        self._look = self._look or bool(chain.rows)
        self._news.set()

    async def _wait(self) -> None:
        rest = self._rests()
        if self._look and not rest and self._room() > self._width // 2:
            return
        with suppress(TimeoutError):  # `wait_for` would swallow a cancellation beside the news
            async with asyncio.timeout(min(rest or LONGEST_SLEEP, LONGEST_SLEEP)):
                await self._news.wait()

    async def carry(self, row: OutboxRow) -> DeliveryResult:
        """Deliver one row and mark its result."""
        return await self._carrier.carry(row)


EVENTS_PATIENCE = timedelta(days=3)
EVENTS_LONGEST_PAUSE = timedelta(hours=1)


class OutboxWorkers:
    """One worker per queue, so that a slow receiver of one delays no other."""

    def __init__(
        self,
        *,
        door: OutboxQueue,
        claims: Claims,
        transact: Transact,
        finish: FinishRow,
        deliver: Deliver,
        clock: Clock,
        pace: SendRateLimiter | None = None,
        group: str | None = None,
        after_errors: AfterErrors,
        watch: Monitor,
    ) -> None:
        """`group`: lane of the staff group, if there is one."""
        make = partial(
            OutboxWorker,
            door=door,
            claims=claims,
            transact=transact,
            finish=finish,
            deliver=deliver,
            clock=clock,
            after_errors=after_errors,
            watch=watch,
        )
        self._workers = {
            Queue.CHATS: make(pace=pace),
            Queue.PULLS: make(queue=Queue.PULLS),
            Queue.GROUP: make(
                queue=Queue.GROUP, pace=pace, width=1, shared=FairShare(group) if group else None
            ),
            Queue.EVENTS: make(
                queue=Queue.EVENTS,
                patience=EVENTS_PATIENCE,
                longest_pause=EVENTS_LONGEST_PAUSE,
            ),
        }

    def wake(self) -> None:
        """Look into the outbox soon; events are not urgent, and polled twice a second."""
        self._workers[Queue.CHATS].wake()
        self._workers[Queue.PULLS].wake()
        self._workers[Queue.GROUP].wake()

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        return await self._workers[Queue.CHATS].reserve(lanes)

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """Deliver these replies, all for chats; for other rows, call `wake`."""
        await self._workers[Queue.CHATS].hand_over(rows, earlier, reserved)

    def stop(self) -> None:
        for worker in self._workers.values():
            worker.stop()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as workers:
            for worker in self._workers.values():
                workers.create_task(worker.run())

    async def carry(self, row: OutboxRow) -> DeliveryResult:
        return await self._workers[queue_of(row.task)].carry(row)
