"""Rows that are handed over are delivered without a look, in the order of their lane, and once."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.outgoing.results import Delivered, DeliveryResult, TryLater
from bot.outgoing.worker import OutboxWorker
from bot.telemetry.monitor import Monitor
from state.model.chat import ChatId
from state.model.work import NewReply, OutboxRow, Queue, SendReply
from state.ports import OutboxQueue, UnitOfWork
from state.store.sql.locks import SoleClaims
from tests.support.fakes import START, FakeClock, InMemoryDatabase

ADA = ChatId(7)
LANE = f"chat:{ADA}"


@dataclass(slots=True)
class SlowDoor:
    """Finds what is due, and lets others act before it tells."""

    door: OutboxQueue
    looked: int = 0

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        busy_lanes: Collection[str],
        queue: Queue = Queue.CHATS,
    ) -> Sequence[OutboxRow]:
        self.looked += 1
        found = await self.door.due(now, limit=limit, busy_lanes=busy_lanes, queue=queue)
        await asyncio.sleep(0.001)
        return found

    async def due_in(
        self, lanes: Collection[str], now: datetime, *, depth: int
    ) -> Sequence[OutboxRow]:
        return await self.door.due_in(lanes, now, depth=depth)


@dataclass(slots=True)
class Bench:
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)
    sent: list[str] = field(default_factory=list)
    outcomes: list[DeliveryResult] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    async def deliver(self, row: OutboxRow) -> DeliveryResult:
        await self.hold.wait()
        assert isinstance(row.task, SendReply)
        self.sent.append(row.task.text)
        return self.outcomes.pop(0) if self.outcomes else Delivered()

    async def added(self, *texts: str) -> tuple[Sequence[OutboxRow], dict[str, frozenset[int]]]:
        """Committed by a turn, with what stood before them."""
        replies = [
            NewReply(lane=LANE, key=text, task=SendReply(chat_id=ADA, text=text), due_at=START)
            for text in texts
        ]

        async def work(
            unit: UnitOfWork,
        ) -> tuple[Sequence[OutboxRow], dict[str, frozenset[int]]]:
            rows = await unit.outbox.add_replies(replies)
            return rows, dict(await unit.outbox.unfinished_before(rows[0].id, [LANE], START))

        return await self.database.transact(work)

    async def delivered(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.sent) < count:  # noqa: ASYNC110 - the worker's affair
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)


@asynccontextmanager
async def working(bench: Bench, door: SlowDoor) -> AsyncIterator[OutboxWorker]:
    worker = OutboxWorker(
        outbox=door,  # type: ignore[arg-type]  # `losses` is not asked for
        claims=SoleClaims(),
        transact=bench.database.transact,
        deliver=bench.deliver,
        clock=FakeClock(),
        monitor=Monitor(FakeClock()),
    )
    async with asyncio.TaskGroup() as background:
        background.create_task(worker.run())
        await asyncio.sleep(0.01)
        yield worker
        worker.stop()


async def test_a_handed_over_reply_is_delivered_without_reading_the_outbox() -> None:
    bench = Bench()
    door = SlowDoor(bench.database.outbox_queue)
    async with working(bench, door) as worker:
        looked = door.looked
        reserved = await worker.reserve([LANE])
        rows, earlier = await bench.added("one", "two")
        await worker.hand_over(rows, earlier, reserved)
        await bench.delivered(2)
        looks = door.looked - looked

    assert bench.sent == ["one", "two"]
    assert looks == 0


async def test_reading_the_outbox_between_commit_and_hand_over_duplicates_nothing() -> None:
    bench = Bench()
    async with working(bench, SlowDoor(bench.database.outbox_queue)) as worker:
        reserved = await worker.reserve([LANE])
        rows, earlier = await bench.added("one")
        worker.wake()
        await asyncio.sleep(0.02)
        await worker.hand_over(rows, earlier, reserved)
        await bench.delivered(1)

    assert bench.sent == ["one"]


async def test_a_reservation_while_the_outbox_is_read_duplicates_nothing() -> None:
    bench = Bench()
    async with working(bench, SlowDoor(bench.database.outbox_queue)) as worker:
        await bench.added("before")
        worker.wake()
        await asyncio.sleep(0)
        reserved = await worker.reserve([LANE])
        rows, earlier = await bench.added("one")
        await worker.hand_over(rows, earlier, reserved)
        await bench.delivered(2)

    assert bench.sent == ["before", "one"]


async def test_replies_handed_over_while_a_lane_is_busy_keep_their_order() -> None:
    bench = Bench()
    bench.hold.clear()
    async with working(bench, SlowDoor(bench.database.outbox_queue)) as worker:
        for text in ("one", "two"):
            reserved = await worker.reserve([LANE])
            rows, earlier = await bench.added(text)
            await worker.hand_over(rows, earlier, reserved)
        bench.hold.set()
        await bench.delivered(2)

    assert bench.sent == ["one", "two"]


async def test_a_row_waiting_for_a_retry_blocks_handed_over_rows_of_its_lane() -> None:
    bench = Bench(outcomes=[TryLater("busy")])
    async with working(bench, SlowDoor(bench.database.outbox_queue)) as worker:
        for text in ("one", "two"):
            reserved = await worker.reserve([LANE])
            rows, earlier = await bench.added(text)
            await worker.hand_over(rows, earlier, reserved)
            await bench.delivered(1)

    assert bench.sent == ["one"]
