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
from bot.outgoing.fair_share import FairShare
from bot.outgoing.lane_queue import LaneClaims, LaneQueue, by_lane
from bot.outgoing.results import DeliveryResult, TryLater
from bot.outgoing.row_delivery import RowDelivery, RowDeliveryOptions
from state.model.work import OutboxRow, Queue, queue_of
from state.ports import Claims, Clock, OutboxQueue

log = logging.getLogger(__name__)

CONCURRENCY = 16
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
        outbox: OutboxQueue,
        claims: Claims,
        clock: Clock,
        send_rate: SendRateLimiter | None = None,
        concurrency: int = CONCURRENCY,
        queue: Queue = Queue.CHATS,
        fair_share: FairShare | None = None,
        **delivery_options: Unpack[RowDeliveryOptions],
    ) -> None:
        """`concurrency`: of deliveries. `fair_share`: all rows go into this one chat."""
        self._outbox = outbox
        self._clock = clock
        self._send_rate = send_rate or SendRateLimiter(clock)
        self._concurrency = concurrency
        self._queue = queue
        self._claims = LaneClaims(claims, queue)
        self._lane_queues: dict[str, LaneQueue] = {}
        """By lane: queues in delivery, or waiting for a free place."""
        self._ready: deque[LaneQueue] = deque()
        self._in_progress = 0
        self._looking: frozenset[str] = frozenset()
        """Lanes whose rows are being read from the outbox."""
        self._reserved: set[str] = set()
        """Reserved lanes: not read from the outbox until their replies were handed over."""
        self._look_again, self._looked_at = True, 0.0
        self._behind = False
        """Whether the outbox holds more late rows than were fetched; new replies queue there."""
        self._changed = asyncio.Event()
        self._stopping = False
        self._to_release: list[str] = []
        """Lanes to release."""
        self._fair_share = fair_share
        self._depth = DEPTH if fair_share is None else 1
        self._row_delivery = RowDelivery(clock=clock, **delivery_options)

    def stop(self) -> None:
        """Finish the deliveries in progress and start no more."""
        self._stopping = True
        self._changed.set()

    def wake(self) -> None:
        """Look into the outbox soon: rows were committed that may be due."""
        self._look_again = True
        self._changed.set()

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        """Claim lanes for replies to be handed over; returns those that are ours."""
        try:
            ours = await self._claims.claim(lanes)
        except Exception:
            log.exception("lanes could not be claimed; their replies are found in the outbox")
            return frozenset()
        self._reserved |= ours - self._looking
        return ours

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """Deliver these rows; any that can't go in order now stay in the outbox for later."""
        begun = set()
        for lane, queue in by_lane(rows).items():
            before = self._lane_queues.get(lane)
            first = earlier.get(lane, frozenset())
            if lane not in self._reserved or not self._may_begin():
                self._look_again = True
            elif before is None and not first:
                self._lane_queues[lane] = queue
                self._ready.append(queue)
                begun.add(lane)
            elif before is None or not before.append(queue, first):
                self._look_again = True
        self._reserved.difference_update(reserved)
        self._changed.set()
        await self._claims.release(set(reserved) - begun)

    def _may_begin(self) -> bool:
        return not self._behind and len(self._ready) <= MOST_READY

    async def run(self) -> None:
        """Deliver until stopped. A delivery cut off by a crash is repeated at the next start."""
        async with asyncio.TaskGroup() as deliveries:
            while not self._stopping:
                self._changed.clear()
                await self._release()
                await self._fetch_due_rows()
                while (
                    self._ready and self._in_progress < self._concurrency and not self._send_wait()
                ):
                    self._in_progress += 1
                    deliveries.create_task(self._deliver_lane(self._ready.popleft()))
                await self._wait()
        await self._release()

    async def _release(self) -> None:
        left, self._to_release = self._to_release, []
        if left:
            await self._claims.release(left)

    async def _fetch_due_rows(self) -> None:
        """Fetch due rows, if there may be any and there is room for several lanes."""
        room = self._room()
        if not self._look_again or room <= self._concurrency // 2 or self._send_wait():
            return
        self._look_again, self._looked_at = False, asyncio.get_running_loop().time()
        try:
            found = await self._claimed(room)
        except Exception:
            log.exception("the outbox could not be read; it is tried again")
            return
        self._ready.extend(found)
        self._behind = len(found) >= room and self._is_late(found)
        self._look_again = self._look_again or bool(found)

    def _send_wait(self) -> float:
        """Seconds until anything may be sent; 0 if now."""
        if self._fair_share is None:
            return self._send_rate.desk_wait()
        return max(self._send_rate.wait_for(self._fair_share.lane), 0.0)

    def _is_late(self, found: Sequence[LaneQueue]) -> bool:
        oldest = min(queue.rows[0].due_at for queue in found)
        return self._clock.now() - oldest > LATE

    def _room(self) -> int:
        """Number of lanes to fetch; never starved by rows that were handed over."""
        room = self._concurrency - self._in_progress - len(self._ready)
        if asyncio.get_running_loop().time() - self._looked_at < LONGEST_SLEEP:
            return room
        self._look_again = True
        return max(room, self._concurrency // 2 + 1)

    async def _claimed(self, room: int) -> list[LaneQueue]:
        """Claim lanes, then read their rows: another process may just have finished some."""
        theirs: frozenset[str] = frozenset()
        now = self._clock.now()
        while heads := await self._heads(now, room, self._taken(theirs)):
            lanes = {head.lane for head in heads} - self._taken(theirs)
            self._looking = frozenset(lanes)
            try:
                ours = await self._claims.claim(lanes)
                theirs |= lanes - ours
                found = by_lane(
                    await self._outbox.due_in(ours, now, depth=self._depth) if ours else ()
                )
                self._lane_queues |= found
            finally:
                self._looking = frozenset()
            await self._claims.release(ours - found.keys())
            if found:
                return list(found.values())
        return []

    async def _heads(self, now: datetime, room: int, taken: frozenset[str]) -> Sequence[OutboxRow]:
        if self._fair_share is None:
            return await self._outbox.due(now, limit=room, busy_lanes=taken, queue=self._queue)
        found = await self._outbox.due(now, limit=MOST_HEADS, busy_lanes=taken, queue=self._queue)
        return self._fair_share.choose(found, room)

    def _taken(self, theirs: frozenset[str]) -> frozenset[str]:
        return theirs.union(self._lane_queues, self._reserved)

    async def _deliver_lane(self, queue: LaneQueue) -> None:
        """Deliver the queue's rows in order, up to the first that has to be retried."""
        while queue.rows and not queue.stopped:
            if wait := self._send_rate.take(
                self._fair_share.lane if self._fair_share else queue.lane
            ):
                self._postpone(queue, wait)
                return
            outcome = await self.deliver(queue.rows[0])
            if self._fair_share is not None:
                self._fair_share.served(queue.rows[0])
            queue.rows.popleft()
            queue.stopped = (
                self._stopping
                or isinstance(outcome, TryLater)
                or not self._claims.holds(queue.lane)
            )
        self._in_progress -= 1
        self._finish(queue)

    def _postpone(self, queue: LaneQueue, seconds: float) -> None:
        """Free this delivery's place while the rate limit lasts, but keep the lane claimed."""
        self._in_progress -= 1
        queue.stopped = True
        asyncio.get_running_loop().call_later(seconds, self._finish, queue)
        self._changed.set()

    def _finish(self, queue: LaneQueue) -> None:
        """Release the lane; its remaining rows are read again later."""
        del self._lane_queues[queue.lane]
        self._to_release.append(queue.lane)
        self._look_again = self._look_again or bool(queue.rows)
        self._changed.set()

    async def _wait(self) -> None:
        wait = self._send_wait()
        if self._look_again and not wait and self._room() > self._concurrency // 2:
            return
        with suppress(TimeoutError):  # `wait_for` would swallow a cancellation beside the news
            async with asyncio.timeout(min(wait or LONGEST_SLEEP, LONGEST_SLEEP)):
                await self._changed.wait()

    async def deliver(self, row: OutboxRow) -> DeliveryResult:
        """Deliver one row and mark its result."""
        return await self._row_delivery.deliver(row)


EVENTS_PATIENCE = timedelta(days=3)
EVENTS_LONGEST_PAUSE = timedelta(hours=1)


class OutboxWorkers:
    """One worker per queue, so that a slow receiver of one delays no other."""

    def __init__(
        self,
        *,
        outbox: OutboxQueue,
        claims: Claims,
        clock: Clock,
        send_rate: SendRateLimiter | None = None,
        group: str | None = None,
        **options: Unpack[RowDeliveryOptions],
    ) -> None:
        """`group`: lane of the staff group, if there is one."""
        make = partial(OutboxWorker, outbox=outbox, claims=claims, clock=clock, **options)
        self._workers = {
            Queue.CHATS: make(send_rate=send_rate),
            Queue.PULLS: make(queue=Queue.PULLS),
            Queue.GROUP: make(
                queue=Queue.GROUP,
                send_rate=send_rate,
                concurrency=1,
                fair_share=FairShare(group) if group else None,
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

    async def deliver(self, row: OutboxRow) -> DeliveryResult:
        return await self._workers[queue_of(row.task)].deliver(row)
