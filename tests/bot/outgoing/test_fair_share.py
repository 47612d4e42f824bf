"""Whose message goes into the staff group next."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.gateways.telegram.send_rate import SendRateLimiter, limits_of
from bot.outgoing.fair_share import FIRSTS_IN_A_ROW, FairShare
from bot.outgoing.results import Delivered, DeliveryResult
from bot.outgoing.worker import OutboxWorker
from bot.telemetry.monitor import Monitor
from state.model.ticket import TalkId, TicketId
from state.model.work import (
    CarryToGroup,
    GroupNews,
    OutboxRow,
    Queue,
    ShowPacket,
    TalkTask,
    TellGroup,
)
from state.ports import UnitOfWork
from state.store.sql.locks import SoleClaims
from tests.support.fakes import START, FakeClock, InMemoryDatabase

GROUP = "chat:-100500"
FIRST = ShowPacket(ticket_id=TicketId(1), anew=True)
AGAIN = TellGroup(ticket_id=TicketId(1), news=GroupNews.REOPENED)
NEWS = TellGroup(ticket_id=TicketId(1), news=GroupNews.LEFT)
WORDS = CarryToGroup(talk_id=TalkId(1))


def row(number: int, lane: str, task: TalkTask) -> OutboxRow:
    return OutboxRow(id=number, lane=lane, key=str(number), task=task, due_at=START)


def lanes(rows: Sequence[OutboxRow]) -> list[str]:
    return [one.lane for one in rows]


@pytest.mark.parametrize("first", [FIRST, AGAIN], ids=["new", "made again"])
@pytest.mark.parametrize("other", [NEWS, WORDS], ids=["news", "words"])
def test_a_new_request_goes_before_older_messages_of_others(
    first: TalkTask, other: TalkTask
) -> None:
    heads = [row(1, "a", other), row(2, "b", other), row(3, "honest", first)]

    assert lanes(FairShare(GROUP).choose(heads, 9)) == ["honest", "a", "b"]


def test_at_most_the_requested_number_is_chosen() -> None:
    heads = [row(1, "a", NEWS), row(2, "b", NEWS)]

    assert lanes(FairShare(GROUP).choose(heads, 1)) == ["a"]


def test_with_many_new_requests_every_fourth_message_is_of_a_conversation() -> None:
    crowd = [row(number, f"new {number}", FIRST) for number in range(8)]
    heads = [*crowd, row(90, "talk", WORDS), row(91, "other talk", WORDS)]

    chosen = FairShare(GROUP).choose(heads, 9)

    assert [place for place, one in enumerate(chosen) if one.task is WORDS] == [
        FIRSTS_IN_A_ROW,
        2 * FIRSTS_IN_A_ROW + 1,
    ]


def test_the_count_continues_across_choices() -> None:
    share = FairShare(GROUP)
    heads = [row(1, "new", FIRST), row(9, "talk", WORDS)]
    chosen = []
    for _ in range(FIRSTS_IN_A_ROW + 1):
        [one] = share.choose(heads, 1)
        share.served(one)
        chosen.append(one.lane)

    assert chosen == ["new"] * FIRSTS_IN_A_ROW + ["talk"]


def test_chats_take_turns_regardless_of_their_number_of_messages() -> None:
    share = FairShare(GROUP)
    for number in range(3):
        share.served(row(number, "floods", WORDS))
    heads = [row(4, "floods", WORDS), row(50, "honest", WORDS)]

    assert lanes(share.choose(heads, 2)) == ["honest", "floods"]


async def test_under_a_low_rate_limit_a_new_request_is_sent_next() -> None:
    """Strangers have filled the minute and left a backlog; then somebody honest asks."""
    clock, database = FakeClock(), InMemoryDatabase()
    delivered: list[str] = []

    async def deliver(one: OutboxRow) -> DeliveryResult:
        delivered.append(one.lane)
        return Delivered()

    worker = OutboxWorker(
        outbox=database.outbox_queue,
        claims=SoleClaims(),
        transact=database.transact,
        deliver=deliver,
        clock=clock,
        send_rate=SendRateLimiter(clock, limits_of(desk=0, chat=0, group=2)),
        queue=Queue.GROUP,
        concurrency=1,
        fair_share=FairShare(GROUP),
        monitor=Monitor(clock),
    )

    async def add(lane: str, *tasks: TalkTask) -> None:
        async def work(unit: UnitOfWork) -> None:
            for task in tasks:
                key = f"{lane}:{len(database.tables.outbox)}:{id(task)}"
                await unit.outbox.add(task, lane=lane, key=key, due_at=START)

        await database.transact(work)

    for number in range(2):
        await add(f"stranger {number}", FIRST, NEWS, WORDS)
    async with asyncio.timeout(20), asyncio.TaskGroup() as background:
        background.create_task(worker.run())
        await _until(lambda: len(delivered) == 2)
        await add("honest", FIRST)
        await asyncio.sleep(0.6)
        held = list(delivered)
        clock.forward(seconds=61)
        await _until(lambda: len(delivered) == 4)
        worker.stop()

    assert held == ["stranger 0", "stranger 1"]
    assert delivered[2:] == ["honest", "stranger 0"]


async def _until(done: Callable[[], bool]) -> None:
    while not done():  # noqa: ASYNC110 - what is waited for is the worker's affair
        await asyncio.sleep(0.01)
