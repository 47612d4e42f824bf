"""Several processes keep Telegram's limits together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest_asyncio

from bot.gateways.clock import SystemClock
from bot.gateways.telegram.send_rate import SendLimits, SendRateLimiter
from bot.outgoing.results import DeliveryResult
from bot.outgoing.worker import OutboxWorker
from bot.rate_limit import Limit
from bot.telemetry.monitor import Monitor
from state.model.work import OutboxRow
from state.store.database import Database
from tests.faults.test_many_processes import ROWS, Ledger, fill, run
from tests.support.databases import opened

A_FEW = Limit(5, 0.5)


@pytest_asyncio.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(opened(postgres_url)) for _ in "12"]
        yield one, other


class Timed:
    """Notes when each message goes out, whoever sends it."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.moments: list[datetime] = []

    async def __call__(self, row: OutboxRow) -> DeliveryResult:
        self.moments.append(datetime.now(UTC))
        return await self.ledger.deliverer("x")(row)

    def most_within(self, span: timedelta) -> int:
        return max(sum(at <= other < at + span for other in self.moments) for at in self.moments)


def paced(
    database: Database, deliver: Timed, limits: SendLimits, *, processes: int
) -> OutboxWorker:
    clock = SystemClock()
    pace = SendRateLimiter(clock, limits)
    pace.share(processes)
    return OutboxWorker(
        outbox=database.outbox_queue,
        claims=database.claims,
        transact=database.transact,
        deliver=deliver,
        monitor=Monitor(clock),
        clock=clock,
        send_rate=pace,
    )


async def test_another_process_does_not_continue_a_chat_that_waits_for_the_rate_limit(
    two: tuple[Database, Database],
) -> None:
    timed = Timed()
    await fill(two[0], lanes=1)

    workers = [paced(each, timed, SendLimits(chat=A_FEW), processes=2) for each in two]
    await run(*workers, ledger=timed.ledger, rows=ROWS)

    assert [number for _, number in timed.ledger.sent] == list(range(ROWS))
    assert timed.most_within(timedelta(seconds=0.45)) <= A_FEW.most


async def test_two_processes_together_stay_within_the_send_rate(
    two: tuple[Database, Database],
) -> None:
    timed = Timed()
    await fill(two[0], lanes=6)

    workers = [paced(each, timed, SendLimits(desk=Limit(30, 1)), processes=2) for each in two]
    await run(*workers, ledger=timed.ledger, rows=6 * ROWS)

    assert timed.most_within(timedelta(seconds=0.95)) <= 30
    assert len(timed.ledger.sent) == 6 * ROWS


async def test_shutdown_does_not_wait_for_rate_limited_chats(
    two: tuple[Database, Database],
) -> None:
    timed = Timed()
    await fill(two[0], lanes=1)
    worker = paced(two[0], timed, SendLimits(chat=Limit(1, 3600)), processes=1)

    async with asyncio.timeout(5), asyncio.TaskGroup() as background:
        background.create_task(worker.run())
        while not timed.moments:  # noqa: ASYNC110 - the worker's affair
            await asyncio.sleep(0.01)
        worker.stop()

    assert len(timed.moments) == 1
