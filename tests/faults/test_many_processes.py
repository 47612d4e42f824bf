"""Several processes at one database: each row is carried out once, each lane in its order."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from bot.outgoing.results import Delivered, DeliveryResult
from bot.outgoing.worker import OutboxWorker
from bot.telemetry.monitor import Monitor
from state.model.chat import ChatId
from state.model.work import OutboxRow, Queue, SendReply
from state.ports import UnitOfWork
from state.store.database import Database
from tests.state.store.sql.test_locks import CUT
from tests.support.databases import execute, opened
from tests.support.fakes import START, FakeClock

LANES = 20
ROWS = 15
SHARE = 4
"""Lanes that one process takes at a time, few enough that others get some."""


@dataclass(slots=True)
class Ledger:
    """What went out, by whom, in order."""

    sent: list[tuple[str, int]] = field(default_factory=list)
    by: Counter[str] = field(default_factory=Counter)
    under_way: set[str] = field(default_factory=set)
    together: int = 0

    def deliverer(self, name: str) -> "Deliverer":
        return Deliverer(name=name, ledger=self)


@dataclass(slots=True)
class Deliverer:
    name: str
    ledger: Ledger

    async def __call__(self, row: OutboxRow) -> DeliveryResult:
        assert isinstance(row.task, SendReply)
        ledger = self.ledger
        ledger.together += row.lane in ledger.under_way
        ledger.under_way.add(row.lane)
        await asyncio.sleep(0.002)
        ledger.under_way.discard(row.lane)
        ledger.sent.append((row.lane, int(row.task.text)))
        ledger.by[self.name] += 1
        return Delivered()


@pytest_asyncio.fixture
async def processes(postgres_url: str) -> AsyncIterator[tuple[Database, Database, Database]]:
    async with AsyncExitStack() as stack:
        one, two, three = [await stack.enter_async_context(opened(postgres_url)) for _ in "123"]
        yield one, two, three


async def fill(database: Database, *, lanes: int = LANES) -> None:
    async def work(unit: UnitOfWork) -> None:
        for number in range(ROWS):
            for lane in range(lanes):
                await unit.outbox.add(
                    SendReply(chat_id=ChatId(lane), text=str(number)),
                    lane=f"chat:{lane}",
                    key=f"{lane}:{number}",
                    due_at=START,
                )

    await database.transact(work)


def worker(database: Database, deliver: Deliverer) -> OutboxWorker:
    return OutboxWorker(
        outbox=database.outbox_queue,
        claims=database.claims,
        transact=database.transact,
        deliver=deliver,
        clock=FakeClock(),
        monitor=Monitor(FakeClock()),
        concurrency=SHARE,
    )


async def run(*workers: OutboxWorker, ledger: Ledger, rows: int) -> None:
    async with asyncio.TaskGroup() as background, asyncio.timeout(30):
        for one in workers:
            background.create_task(one.run())
        while len(set(ledger.sent)) < rows:  # noqa: ASYNC110 - the ledger is no event
            await asyncio.sleep(0.02)
        for one in workers:
            one.stop()


def in_order(ledger: Ledger) -> bool:
    return all(
        [number for lane, number in ledger.sent if lane == f"chat:{one}"] == list(range(ROWS))
        for one in range(LANES)
    )


async def test_three_processes_share_the_work_and_duplicate_nothing(
    processes: tuple[Database, Database, Database],
) -> None:
    ledger = Ledger()
    await fill(processes[0])
    workers = [worker(one, ledger.deliverer(str(number))) for number, one in enumerate(processes)]

    await run(*workers, ledger=ledger, rows=LANES * ROWS)

    assert len(ledger.sent) == LANES * ROWS
    assert in_order(ledger)
    assert ledger.together == 0
    assert min(ledger.by[str(number)] for number in range(3)) > ROWS


async def test_without_claims_rows_are_delivered_several_times(
    processes: tuple[Database, Database, Database],
) -> None:
    ledger = Ledger()
    await fill(processes[0])
    careless = [
        OutboxWorker(
            outbox=one.outbox_queue,
            claims=Careless(),
            transact=one.transact,
            deliver=ledger.deliverer("x"),
            clock=FakeClock(),
            monitor=Monitor(FakeClock()),
        )
        for one in processes
    ]

    await run(*careless, ledger=ledger, rows=LANES * ROWS)

    assert len(set(ledger.sent)) < len(ledger.sent)


class Careless:
    async def claim(self, names: Collection[str]) -> frozenset[str]:
        return frozenset(names)

    async def release(self, names: Collection[str]) -> None:
        """Nothing was held."""

    def holds(self, name: str) -> bool:
        return True

    async def process_count(self) -> int:
        return 1


class Losing(Careless):
    """Claims that are lost while the first row is under way; another process has them then."""

    def __init__(self) -> None:
        self.asked = 0

    async def claim(self, names: Collection[str]) -> frozenset[str]:
        self.asked += 1
        return frozenset(names) if self.asked == 1 else frozenset()

    def holds(self, name: str) -> bool:
        return False


async def test_a_process_that_lost_a_claim_delivers_no_further_row_of_that_lane(
    processes: tuple[Database, Database, Database],
) -> None:
    ledger, claims = Ledger(), Losing()
    await fill(processes[0], lanes=1)
    loser = OutboxWorker(
        outbox=processes[0].outbox_queue,
        claims=claims,
        transact=processes[0].transact,
        deliver=ledger.deliverer("x"),
        clock=FakeClock(),
        monitor=Monitor(FakeClock()),
    )

    async with asyncio.timeout(10), asyncio.TaskGroup() as background:
        background.create_task(loser.run())
        while claims.asked < 2:  # noqa: ASYNC110 - the worker's affair
            await asyncio.sleep(0.01)
        loser.stop()

    assert ledger.sent == [("chat:0", 0)]


async def test_a_cut_connection_stops_no_delivery(
    processes: tuple[Database, Database, Database], postgres_url: str
) -> None:
    ledger = Ledger()
    await fill(processes[0])
    one, two = (worker(each, ledger.deliverer("x")) for each in processes[:2])

    async with asyncio.TaskGroup() as background:
        work = background.create_task(run(one, two, ledger=ledger, rows=LANES * ROWS))
        await asyncio.sleep(0.15)
        await execute(postgres_url, CUT)
        await work

    assert {*ledger.sent} == {
        (f"chat:{lane}", number) for lane in range(LANES) for number in range(ROWS)
    }


@pytest.mark.parametrize("held", [1, LANES - 1])
async def test_lanes_claimed_by_another_process_do_not_hide_the_others(
    processes: tuple[Database, Database, Database], held: int
) -> None:
    one, other, _ = processes
    ledger = Ledger()
    await fill(one)
    await other.claims.claim([f"{Queue.CHATS}:chat:{lane}" for lane in range(held)])

    await run(worker(one, ledger.deliverer("x")), ledger=ledger, rows=(LANES - held) * ROWS)

    assert {lane for lane, _ in ledger.sent} == {f"chat:{n}" for n in range(held, LANES)}
