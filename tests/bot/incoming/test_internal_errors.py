"""An error of our own holds a lane up for seconds, ends in an apology, and costs nobody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from jinja2 import TemplateNotFound

from bot.outgoing.results import TRIES, Delivered, DeliveryResult, GiveUp
from bot.outgoing.worker import OutboxWorker
from bot.telemetry.monitor import Monitor
from state.model.chat import ChatId
from state.model.verification import SessionId
from state.model.work import AlertOperator, HangUp, OutboxRow, SendReply, Task
from state.ports import DatabaseDownError, UnitOfWork
from state.store.sql.locks import SoleClaims
from tests.support.chat import ADA, GROUP, Conversation, Scene
from tests.support.fakes import START, FakeClock, InMemoryDatabase
from tests.support.scenes import opened_scene

LANE = f"chat:{ADA}"
BAD_ALARM: Task = AlertOperator(what="no such alarm")  # type: ignore[arg-type]
"""Rendering it raises."""
SORRY = "Something went wrong on my side"


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


@pytest.fixture
def ada(scene: Scene) -> Conversation:
    return scene.person(ADA)


async def add(scene: Scene, task: Task, *, lane: str = LANE, key: str = "bad") -> None:
    now = scene.clock.now()
    await scene.parts.desk.database.transact(
        lambda unit: unit.outbox.add(task, lane=lane, key=key, due_at=now)
    )


async def test_after_an_internal_error_the_lane_continues_within_a_minute_and_the_person_is_told(
    scene: Scene, ada: Conversation
) -> None:
    await add(scene, BAD_ALARM)
    await add(scene, SendReply(chat_id=ChatId(ADA), text="behind it"), key="good")
    await scene.settle()
    early = list(ada.messages)
    for _ in range(TRIES):
        await scene.wait(seconds=5)

    assert early == []
    assert ada.messages[0].text == "behind it"
    assert SORRY in ada.last.text
    assert ada.last.labels == ["Talk to a person"]


async def test_after_the_apology_the_chat_works_as_before(scene: Scene, ada: Conversation) -> None:
    await add(scene, BAD_ALARM)
    await ada.say("what is basic profile information")
    for _ in range(TRIES):
        await scene.wait(seconds=5)

    assert any("basic profile" in one.text for one in ada.messages)


async def test_several_internal_errors_in_a_row_give_one_apology(
    scene: Scene, ada: Conversation
) -> None:
    for number in range(3):
        await add(scene, BAD_ALARM, key=f"bad {number}")
    for _ in range(3 * TRIES):
        await scene.wait(seconds=3)

    assert [SORRY in one.text for one in ada.messages] == [True]


async def test_a_failed_task_that_nobody_waits_for_is_retried_in_its_own_lane_without_an_apology(
    scene: Scene, ada: Conversation
) -> None:
    calls = scene.parts.desk.database
    lost = HangUp(session_id=SessionId("gone"), sid="CA1", channel="no channel")  # type: ignore[arg-type]
    await add(scene, lost)
    await add(scene, SendReply(chat_id=ChatId(ADA), text="behind it"), key="good")
    for _ in range(2 * TRIES):
        await scene.wait(seconds=5)

    due = await calls.outbox_queue.due(scene.clock.forward(hours=1), limit=9, busy_lanes=())
    assert [one.text for one in ada.messages] == ["behind it"]
    assert [(row.task, row.lane.split(":")[0]) for row in due if isinstance(row.task, HangUp)] == [
        (lost, "aside")
    ]


async def test_staff_are_told_if_an_internal_error_kept_a_message_from_them(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    fault: Any = KeyError("a fault of ours")
    scene.telegram.failing = {"copyMessage": fault}
    await ada.say("are you there?")
    for _ in range(TRIES - 1):
        scene.telegram.failing = {"copyMessage": fault}
        await scene.wait(seconds=5)

    assert "One message (text) could not be carried over" in scene.staff().last.text
    assert SORRY in ada.last.text


class Desk:
    """A worker whose deliveries are as bad as they are told to be."""

    def __init__(self, *ends: DeliveryResult | Exception) -> None:
        self.ends = list(ends)
        self.delivered: list[str] = []
        self.database = InMemoryDatabase()
        self.clock = FakeClock()

    async def deliver(self, row: OutboxRow) -> DeliveryResult:
        end = self.ends.pop(0) if self.ends else Delivered()
        if isinstance(end, Exception):
            raise end
        self.delivered.append(row.key)
        return end

    async def add(self, *keys: str) -> None:
        async def work(unit: UnitOfWork) -> None:
            for key in keys:
                task = SendReply(chat_id=ChatId(ADA), text=key)
                await unit.outbox.add(task, lane=LANE, key=key, due_at=START)

        await self.database.transact(work)

    async def carry(self, *, seconds: float) -> None:
        """Whatever falls due within so long."""
        worker = OutboxWorker(
            outbox=self.database.outbox_queue,
            claims=SoleClaims(),
            transact=self.database.transact,
            deliver=self.deliver,
            clock=self.clock,
            monitor=Monitor(self.clock),
        )
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            for row in await self.database.outbox_queue.due(
                self.clock.now(), limit=9, busy_lanes=()
            ):
                await worker.deliver(row)
            self.clock.forward(seconds=1)

    def reason(self, key: str) -> str | None:
        return self.database.tables.outbox[key].reason

    def is_open(self, key: str) -> bool:
        return self.database.tables.outbox[key].open


async def test_a_row_with_an_internal_error_is_retried_a_few_times() -> None:
    desk = Desk(KeyError("once"), KeyError("twice"))
    await desk.add("one")

    await desk.carry(seconds=10)

    assert desk.delivered == ["one"]


@pytest.mark.parametrize(
    "error", [KeyError("always"), TemplateNotFound("reply.html"), FileNotFoundError("article.md")]
)
async def test_a_row_with_internal_errors_is_given_up_with_its_reason_within_a_minute(
    error: Exception,
) -> None:
    desk = Desk(*[error] * TRIES)
    await desk.add("one", "two")

    await desk.carry(seconds=10)

    assert (desk.is_open("one"), desk.reason("one")) == (False, "3 errors of our own")
    assert desk.delivered == ["two"]


@pytest.mark.parametrize("outage", [DatabaseDownError("away"), ConnectionError("no network")])
async def test_an_outage_does_not_count_as_an_internal_error(outage: Exception) -> None:
    desk = Desk(*[outage] * 20)
    await desk.add("one")

    await desk.carry(seconds=900)

    assert desk.delivered == []
    assert desk.is_open("one")


@pytest.mark.parametrize("error", [KeyError("a value"), TemplateNotFound("trouble.html")])
async def test_a_row_is_marked_even_if_its_record_fails(error: Exception) -> None:
    async def fail(unit: UnitOfWork) -> None:
        await unit.outbox.add(
            SendReply(chat_id=ChatId(ADA), text="x"), lane=LANE, key="x", due_at=START
        )
        raise error

    desk = Desk(Delivered(fail), GiveUp("refused", fail))
    await desk.add("one", "two", "three")

    async with asyncio.timeout(5):
        await desk.carry(seconds=5)

    assert [desk.is_open(key) for key in ("one", "two", "three")] == [False, False, False]
    assert desk.reason("two") == "refused"
    assert "x" not in desk.database.tables.outbox
