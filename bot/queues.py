"""The outbox as a whole: a worker for each of its queues."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial

from bot.fair_share import FairShare
from bot.outbox import OutboxWorker
from bot.outcomes import AfterErrors, Deliver, Outcome
from bot.pace import Pace
from bot.watch import Watch
from state.model.work import OutboxRow, Queue, queue_of
from state.ports import Claims, Clock, OutboxDoor, Transact

EVENTS_PATIENCE = timedelta(days=3)
EVENTS_LONGEST_PAUSE = timedelta(hours=1)


class Outbox:
    """A worker for each queue, so that who is slow in one keeps nobody waiting in another."""

    def __init__(
        self,
        *,
        door: OutboxDoor,
        claims: Claims,
        transact: Transact,
        deliver: Deliver,
        clock: Clock,
        pace: Pace | None = None,
        group: str | None = None,
        after_errors: AfterErrors,
        watch: Watch,
    ) -> None:
        """`group`: the lane of the staff's chat, if there is one."""
        make = partial(
            OutboxWorker,
            door=door,
            claims=claims,
            transact=transact,
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
        """Something was committed; events are no hurry, and are looked for twice a second."""
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
        """Replies, which are for chats; for what else was added, `wake`."""
        await self._workers[Queue.CHATS].hand_over(rows, earlier, reserved)

    def stop(self) -> None:
        for worker in self._workers.values():
            worker.stop()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as workers:
            for worker in self._workers.values():
                workers.create_task(worker.run())

    async def carry(self, row: OutboxRow) -> Outcome:
        return await self._workers[queue_of(row.task)].carry(row)
