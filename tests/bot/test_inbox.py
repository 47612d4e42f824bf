"""Updates come in: stored before they are acknowledged, each chat's in their order."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.inbox import Intake, Lanes, Polling, lane_of
from state.model.work import Incoming
from state.ports import InboxDoor
from tests.fakes import FakeClock, InMemoryDatabase

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
def test_an_update_belongs_to_its_chat_its_person_or_itself(
    update: Mapping[str, Any], lane: str
) -> None:
    assert lane_of(update) == lane


async def test_updates_are_stored_before_the_lanes_are_woken() -> None:
    database = InMemoryDatabase()
    lanes = Lanes(_nothing_to_do)
    intake = Intake(database.inbox_door, lanes, FakeClock())

    await intake.take([{"update_id": 5, "message": {"chat": CHAT, "text": "ä"}}])
    await intake.take([])

    stored = database.tables.inbox[5].row
    assert (stored.lane, stored.payload) == (
        "chat:7",
        '{"update_id":5,"message":{"chat":{"id":7,"type":"private"},"text":"ä"}}',
    )


async def _nothing_to_do(lane: str) -> bool:
    return False


class Turns:
    """Stands for turns: each takes a while, and is noted when it is over."""

    def __init__(self, **waiting: int) -> None:
        self.waiting = dict(waiting)
        self.done: list[str] = []
        self.at_once: dict[str, int] = {}
        self.most_at_once = 0
        self.failures = 0

    async def run_next(self, lane: str) -> bool:
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


async def test_turns_of_a_lane_run_one_after_another_and_lanes_side_by_side() -> None:
    turns = Turns(ada=20, ben=1)
    lanes = Lanes(turns.run_next, width=4)
    lanes.wake(["ada", "ben", "ada"])

    await _run_until(lanes, turns, 21)

    assert turns.most_at_once == 1
    assert turns.done.index("ben") < 5


async def test_what_arrives_while_a_lane_is_looked_at_is_not_forgotten() -> None:
    turns = Turns(ada=1)
    lanes = Lanes(turns.run_next, width=1)
    lanes.wake(["ada"])
    await _run_until(lanes, turns, 1)
    again = Turns(ada=1)
    lanes = Lanes(again.run_next, width=1)
    lanes.wake(["ada"])
    lanes.wake(["ada"])

    await _run_until(lanes, again, 1)

    assert again.done == ["ada"]


async def test_a_turn_that_could_not_be_run_is_tried_again() -> None:
    turns = Turns(ada=1)
    turns.failures = 1
    lanes = Lanes(turns.run_next, width=1)
    lanes.wake(["ada"])

    await _run_until(lanes, turns, 1)

    assert turns.done == ["ada"]


async def test_polling_asks_on_from_what_is_stored() -> None:
    asked: list[int | None] = []
    batches = iter([[{"update_id": 11}, {"update_id": 10}], [], [{"update_id": 12}]])

    async def fetch(offset: int | None) -> list[Any]:
        asked.append(offset)
        with contextlib.suppress(StopIteration):
            return next(batches)
        await asyncio.Event().wait()
        return []

    database = InMemoryDatabase()
    intake = Intake(database.inbox_door, Lanes(_nothing_to_do), FakeClock())
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(Polling(fetch, intake).run(), 0.05)

    assert asked == [None, 12, 12, 13]
    assert sorted(database.tables.inbox) == [10, 11, 12]


class FullDisk:
    """An inbox that can't keep anything at first."""

    def __init__(self, door: InboxDoor) -> None:
        self._door = door
        self._failures = 1

    async def store(self, rows: Sequence[Incoming]) -> frozenset[str]:
        if self._failures:
            self._failures -= 1
            raise OSError("disk full")
        return await self._door.store(rows)

    async def waiting_lanes(self) -> frozenset[str]:
        return await self._door.waiting_lanes()

    async def polling_offset(self) -> int | None:
        return await self._door.polling_offset()


async def test_what_could_not_be_stored_is_not_acknowledged_and_asked_for_again() -> None:
    asked: list[int | None] = []
    stored = asyncio.Event()

    async def fetch(offset: int | None) -> list[Any]:
        asked.append(offset)
        if offset is not None:
            stored.set()
            await asyncio.Event().wait()
        return [{"update_id": 10}]

    database = InMemoryDatabase()
    door = FullDisk(database.inbox_door)
    polling = Polling(fetch, Intake(door, Lanes(_nothing_to_do), FakeClock()))
    async with asyncio.TaskGroup() as background:
        task = background.create_task(polling.run())
        await asyncio.wait_for(stored.wait(), 5)
        task.cancel()

    assert asked == [None, None, 11]
    assert list(database.tables.inbox) == [10]
