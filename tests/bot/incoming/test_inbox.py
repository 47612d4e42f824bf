"""Updates come in: stored before they are acknowledged, each chat's in their order."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from bot.incoming.inbox import POLLER, Intake, Lanes, OverdueLanes, Polling, lane_of
from state.model.work import Incoming
from state.ports import InboxQueue
from state.store.sql.locks import SoleClaims
from tests.support.fakes import START, FakeClock, InMemoryDatabase

CHAT = {"id": 7, "type": "private"}


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"update_id": 1, "message": {"chat": CHAT}}, "chat:7"),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 9}, "message": {"chat": CHAT}}},
            "chat:7",
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 9}}}, "chat:9"),
        ({"update_id": 1, "poll_answer": {"user": {"id": 9}}}, "chat:9"),
        ({"update_id": 1, "poll": {"id": "p"}}, "update:1"),
        ({"update_id": 1, "message": "broken"}, "update:1"),
        ({"update_id": 1, "message": {"chat": "broken"}}, "update:1"),
    ],
)
def test_the_lane_of_an_update_is_its_chat_its_person_or_its_own(
    update: Mapping[str, Any], lane: str
) -> None:
    assert lane_of(update) == lane


async def test_updates_are_stored_before_the_lanes_are_woken() -> None:
    database = InMemoryDatabase()
    lanes = Lanes(_nothing_to_do)
    intake = Intake(database.inbox_queue, lanes, FakeClock())

    await intake.take([{"update_id": 5, "message": {"chat": CHAT, "text": "ä"}}])
    await intake.take([])

    stored = database.tables.inbox[5].row
    assert (stored.lane, stored.payload) == (
        "chat:7",
        '{"update_id":5,"message":{"chat":{"id":7,"type":"private"},"text":"ä"}}',
    )


async def _nothing_to_do(lanes: Sequence[str]) -> Sequence[str]:
    return []


class Turns:
    """Stands for turns: each takes a while, and is noted when it is over."""

    def __init__(self, **waiting: int) -> None:
        self.waiting = dict(waiting)
        self.done: list[str] = []
        self.at_once: dict[str, int] = {}
        self.most_at_once = 0
        self.failures = 0

    async def run(self, lanes: Sequence[str]) -> list[str]:
        more = await asyncio.gather(*map(self._run_next, lanes))
        return [lane for lane, found in zip(lanes, more, strict=True) if found]

    async def _run_next(self, lane: str) -> bool:
        if self.failures:
            self.failures -= 1
            raise OSError("no database")
        if not self.waiting.get(lane):
            return False
        self.at_once[lane] = self.at_once.get(lane, 0) + 1
        self.most_at_once = max(self.most_at_once, self.at_once[lane])
        await asyncio.sleep(0.001)
        self.waiting[lane] -= 1
        self.at_once[lane] -= 1
        self.done.append(lane)
        return True


async def _run_until(lanes: Lanes, turns: Turns, count: int) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as background:
        background.create_task(lanes.run())
        while len(turns.done) < count:  # noqa: ASYNC110 - the turns are the lanes' affair
            await asyncio.sleep(0.001)
        lanes.stop()


async def test_turns_run_sequentially_within_a_lane_and_concurrently_across_lanes() -> None:
    turns = Turns(ada=20, ben=1)
    lanes = Lanes(turns.run, workers=4)
    lanes.wake(["ada", "ben", "ada"])

    await _run_until(lanes, turns, 21)

    assert turns.most_at_once == 1
    assert turns.done.index("ben") < 5


async def test_an_update_that_arrives_while_its_lane_runs_is_not_forgotten() -> None:
    turns = Turns(ada=1)
    lanes = Lanes(turns.run, workers=1)
    lanes.wake(["ada"])
    await _run_until(lanes, turns, 1)
    again = Turns(ada=1)
    lanes = Lanes(again.run, workers=1)
    lanes.wake(["ada"])
    lanes.wake(["ada"])

    await _run_until(lanes, again, 1)

    assert again.done == ["ada"]


async def test_a_turn_that_could_not_be_run_is_retried() -> None:
    turns = Turns(ada=1)
    turns.failures = 1
    lanes = Lanes(turns.run, workers=1)
    lanes.wake(["ada"])

    await _run_until(lanes, turns, 1)

    assert turns.done == ["ada"]


async def test_polling_continues_from_the_last_stored_update() -> None:
    asked: list[int | None] = []
    batches = iter([[{"update_id": 11}, {"update_id": 10}], [], [{"update_id": 12}]])

    async def fetch(offset: int | None) -> list[Any]:
        asked.append(offset)
        with contextlib.suppress(StopIteration):
            return next(batches)
        await asyncio.Event().wait()
        return []

    database = InMemoryDatabase()
    intake = Intake(database.inbox_queue, Lanes(_nothing_to_do), FakeClock())
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(Polling(fetch, intake, SoleClaims()).run(), 0.05)

    assert asked == [None, 12, 12, 13]
    assert sorted(database.tables.inbox) == [10, 11, 12]


class FullDisk:
    """An inbox that can't keep anything at first."""

    def __init__(self, door: InboxQueue) -> None:
        self._door = door
        self._failures = 1

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        if self._failures:
            self._failures -= 1
            raise OSError("disk full")
        return await self._door.store(rows)

    async def waiting_lanes(self, before: datetime | None = None) -> frozenset[str]:
        return await self._door.waiting_lanes(before)


async def test_an_update_that_could_not_be_stored_is_not_acknowledged() -> None:
    asked: list[int | None] = []
    stored = asyncio.Event()

    async def fetch(offset: int | None) -> list[Any]:
        asked.append(offset)
        if offset is not None:
            stored.set()
            await asyncio.Event().wait()
        return [{"update_id": 10}]

    database = InMemoryDatabase()
    door = FullDisk(database.inbox_queue)
    polling = Polling(fetch, Intake(door, Lanes(_nothing_to_do), FakeClock()), SoleClaims())
    async with asyncio.TaskGroup() as background:
        task = background.create_task(polling.run())
        await asyncio.wait_for(stored.wait(), 5)
        task.cancel()

    assert asked == [None, None, 11]
    assert list(database.tables.inbox) == [10]


class Taken:
    """Claims of which another process holds the poller's, until it is gone."""

    def __init__(self, *answers: bool | Exception) -> None:
        self._answers = list(answers)

    async def claim(self, names: Collection[str]) -> frozenset[str]:
        answer = self._answers.pop(0) if self._answers else True
        if isinstance(answer, Exception):
            raise answer
        return frozenset(names) if answer else frozenset()

    async def release(self, names: Collection[str]) -> None:
        raise AssertionError(names)

    def holds(self, name: str) -> bool:
        return True

    async def process_count(self) -> int:
        return 2


async def test_only_the_process_with_the_claim_polls_and_starts_without_an_offset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int | None] = []

    async def fetch(offset: int | None) -> list[Any]:
        asked.append(offset)
        if len(asked) > 1:
            await asyncio.Event().wait()
        return [{"update_id": 10}]

    monkeypatch.setattr("bot.incoming.inbox.STAND_BY", 0)
    database = InMemoryDatabase()
    intake = Intake(database.inbox_queue, Lanes(_nothing_to_do), FakeClock())
    claims = Taken(False, OSError("no database"), True, False)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(Polling(fetch, intake, claims).run(), 0.2)

    assert asked == [None, None]
    assert POLLER == "poller"


async def test_an_overdue_lane_is_handled_by_any_process() -> None:
    database, clock = InMemoryDatabase(), FakeClock()
    ran: list[str] = []

    async def run(some: Sequence[str]) -> Sequence[str]:
        ran.extend(some)
        return []

    lanes = Lanes(run)
    await database.inbox_queue.store([_row(1, "chat:7")])
    clock.forward(seconds=3)
    await database.inbox_queue.store([_row(2, "chat:8", clock.now())])
    async with asyncio.TaskGroup() as background:
        work = background.create_task(lanes.run())
        rescue = background.create_task(
            OverdueLanes(database.inbox_queue, lanes, clock).run(pause=0.01)
        )
        await asyncio.sleep(0.05)
        rescue.cancel()
        lanes.stop()
        await work

    assert set(ran) == {"chat:7"}


def _row(number: int, lane: str, at: datetime = START) -> Incoming:
    return Incoming(update_id=number, lane=lane, payload="{}", received_at=at)
