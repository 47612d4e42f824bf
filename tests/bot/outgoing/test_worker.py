"""The outbox: carried out in order, tried again, given up with a reason, never doubled."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.outgoing.results import Deliver, Delivered, DeliveryResult, GiveUp, TryLater
from bot.outgoing.worker import OutboxWorker
from bot.telemetry.monitor import Monitor
from state.model.chat import Chat, ChatId
from state.model.work import OutboxRow, SendReply
from state.ports import UnitOfWork
from state.store.sql.locks import SoleClaims
from tests.support.fakes import START, FakeClock, InMemoryDatabase

ADA, BEN = ChatId(1), ChatId(2)


@dataclass(slots=True)
class Desk:
    """A worker whose deliveries end as they are told to, by default well."""

    outcomes: list[DeliveryResult | Exception] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)
    clock: FakeClock = field(default_factory=FakeClock)
    watch: Monitor = field(default_factory=lambda: Monitor(FakeClock()))

    async def deliver(self, row: OutboxRow) -> DeliveryResult:
        assert isinstance(row.task, SendReply)
        self.delivered.append(row.task.text)
        outcome = self.outcomes.pop(0) if self.outcomes else Delivered()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def worker(self, deliver: Deliver | None = None, *, width: int = 16) -> OutboxWorker:
        return OutboxWorker(
            outbox=self.database.outbox_queue,
            claims=SoleClaims(),
            transact=self.database.transact,
            deliver=deliver or self.deliver,
            clock=self.clock,
            concurrency=width,
            monitor=self.watch,
        )

    async def add(self, *texts: str, chat: ChatId = ADA, due_in: float = 0) -> None:
        async def work(unit: UnitOfWork) -> None:
            for text in texts:
                await unit.outbox.add(
                    SendReply(chat_id=chat, text=text),
                    lane=f"chat:{chat}",
                    key=text,
                    due_at=START + timedelta(seconds=due_in),
                )

        await self.database.transact(work)

    async def carry(self) -> None:
        """One round: everything that is due now."""
        worker = self.worker()
        for row in await self.database.outbox_queue.due(self.clock.now(), limit=50, busy_lanes=()):
            await worker.deliver(row)

    def reason(self, key: str) -> str | None:
        return self.database.tables.outbox[key].reason

    def is_open(self, key: str) -> bool:
        return self.database.tables.outbox[key].open


async def test_a_retry_after_is_observed_and_the_chat_waits_in_order() -> None:
    desk = Desk(outcomes=[TryLater("wait", timedelta(seconds=30))])
    await desk.add("one", "two")

    await desk.carry()
    await desk.add("elsewhere", chat=BEN)
    desk.clock.forward(seconds=29)
    await desk.carry()
    early = list(desk.delivered)
    desk.clock.forward(seconds=1)
    await desk.carry()
    await desk.carry()

    assert early == ["one", "elsewhere"]
    assert desk.delivered == ["one", "elsewhere", "one", "two"]


async def test_without_a_retry_after_the_worker_backs_off_up_to_a_minute() -> None:
    desk = Desk(outcomes=[TryLater("down")] * 8)
    await desk.add("one")

    pauses = [await _until_next_try(desk) for _ in range(8)]

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def _until_next_try(desk: Desk) -> int:
    await desk.carry()
    due_at = desk.database.tables.outbox["one"].not_before
    assert due_at is not None
    pause = due_at - desk.clock.now()
    desk.clock.moment = due_at
    return int(pause.total_seconds())


async def test_after_a_day_of_failures_a_row_is_given_up_with_the_last_reason() -> None:
    desk = Desk(outcomes=[TryLater("down"), TryLater("down"), TryLater("still down")])
    await desk.add("one", "two")

    await desk.carry()
    desk.clock.forward(hours=24)
    await desk.carry()
    still_open = desk.is_open("one")
    desk.clock.forward(minutes=1)
    await desk.carry()
    await desk.carry()

    assert still_open
    assert desk.reason("one") == "tried for a day: still down"
    assert desk.delivered == ["one", "one", "one", "two"]


async def test_a_given_up_row_lets_its_lane_continue_and_stores_the_reason() -> None:
    async def block(unit: UnitOfWork) -> None:
        await unit.chats.save(Chat(id=ADA, blocked_at=START))

    desk = Desk(outcomes=[GiveUp("blocked", block)])
    await desk.add("one", "two")

    await desk.carry()
    await desk.carry()

    assert desk.reason("one") == "blocked"
    assert desk.database.tables.chats[ADA].blocked_at == START
    assert desk.delivered == ["one", "two"]


async def test_an_internal_error_is_retried() -> None:
    desk = Desk(outcomes=[KeyError("a fault")])
    await desk.add("one")

    await desk.carry()

    assert desk.is_open("one")
    assert desk.reason("one") == "an error of our own"


class Failing(InMemoryDatabase):
    """Commits fail as often as they are told to."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    @property
    def transact(self) -> Any:
        return self._transact

    async def _transact(self, work: Callable[[UnitOfWork], Awaitable[object]]) -> object:
        if self.failures:
            self.failures -= 1
            raise OSError("no database")
        return await super().transact(work)


async def test_a_delivery_that_could_not_be_marked_is_marked_later_and_not_repeated() -> None:
    desk = Desk()
    await desk.add("one")
    failing = Failing(failures=1)
    failing.tables = desk.database.tables
    desk.database = failing

    await desk.carry()
    await desk.carry()

    assert desk.delivered == ["one"]
    assert not desk.is_open("one")


async def _while_running(worker: OutboxWorker, done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as background:
        background.create_task(worker.run())
        while not done():  # noqa: ASYNC110 - what is waited for is the worker's affair
            await asyncio.sleep(0.001)
        worker.stop()


async def test_the_worker_delivers_existing_and_new_rows() -> None:
    desk = Desk()
    worker = desk.worker()
    await desk.add("one", "two")
    await desk.add("elsewhere", chat=BEN)

    async with asyncio.timeout(5), asyncio.TaskGroup() as background:
        background.create_task(_while_running(worker, lambda: len(desk.delivered) == 4))
        await asyncio.sleep(0.01)
        await desk.add("late")
        worker.wake()

    assert [text for text in desk.delivered if text != "elsewhere"] == ["one", "two", "late"]


async def test_a_reminder_is_delivered_when_it_is_due() -> None:
    desk = Desk()
    await desk.add("remind", due_in=3600)

    await desk.carry()
    early = list(desk.delivered)
    desk.clock.forward(hours=1)
    await _while_running(desk.worker(), lambda: desk.delivered != [])

    assert early == []
    assert desk.delivered == ["remind"]


async def test_concurrent_deliveries_stay_within_the_limit() -> None:
    desk = Desk()
    at_once: list[int] = [0, 0]

    async def slow(row: OutboxRow) -> DeliveryResult:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0.002)
        at_once[0] -= 1
        desk.delivered.append(row.key)
        return Delivered()

    for chat in range(6):
        await desk.add(f"to {chat}", chat=ChatId(chat))

    await _while_running(desk.worker(slow, width=2), lambda: len(desk.delivered) == 6)

    assert at_once[1] == 2


async def test_stopping_finishes_deliveries_in_progress() -> None:
    desk = Desk()
    begun = asyncio.Event()

    async def slow(row: OutboxRow) -> DeliveryResult:
        begun.set()
        await asyncio.sleep(0.01)
        return Delivered()

    await desk.add("one")
    worker = desk.worker(slow)
    async with asyncio.timeout(5), asyncio.TaskGroup() as background:
        background.create_task(worker.run())
        await begun.wait()
        worker.stop()

    assert not desk.is_open("one")


async def test_an_unreadable_outbox_is_read_again() -> None:
    desk = Desk()
    door = Blind(desk.database, failures=1)
    worker = OutboxWorker(
        outbox=door,
        claims=SoleClaims(),
        transact=desk.database.transact,
        deliver=desk.deliver,
        clock=desk.clock,
        monitor=desk.watch,
    )
    await desk.add("one")

    await _while_running(worker, lambda: desk.delivered == ["one"])

    assert door.failures == 0


class Blind:
    """An outbox that can't be read at first."""

    def __init__(self, database: InMemoryDatabase, failures: int) -> None:
        self._door = database.outbox_queue
        self.failures = failures

    async def due(self, *arguments: Any, **more: Any) -> Any:
        if self.failures:
            self.failures -= 1
            raise OSError("no database")
        return await self._door.due(*arguments, **more)

    async def due_in(self, *arguments: Any, **more: Any) -> Any:
        return await self._door.due_in(*arguments, **more)

    async def losses(self, *arguments: Any) -> Any:
        return await self._door.losses(*arguments)
