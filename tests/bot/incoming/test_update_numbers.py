"""Numbers in updates that no database takes: ignored at the door, and nobody else waits."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.incoming.inbox import Intake, Lanes, Polling
from state.store.sql.locks import SoleClaims
from tests.support.fakes import FakeClock, InMemoryDatabase

CHAT = {"id": 7, "type": "private"}
TOO_LARGE = 2**63


def nested(levels: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": TOO_LARGE},
        {"update_id": -1},
        {"update_id": "7"},
        {"update_id": True},
        {"update_id": 1.5},
        {},
        {"update_id": 7, "message": {"chat": {"id": TOO_LARGE}}},
        {"update_id": 7, "message": {"chat": {"id": -TOO_LARGE - 1}}},
        {"update_id": 7, "message": {"chat": CHAT, "message_id": 2**70}},
        {"update_id": 7, "message": {"chat": CHAT, "entities": [{"offset": 10**400}]}},
        {"update_id": 7, "message": {"chat": CHAT, "nested": nested(5000)}},
    ],
    ids=[*"abcdefghijk"],
)
async def test_an_update_with_an_id_too_large_for_the_database_is_ignored_with_one_log_line(
    update: Mapping[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    database = InMemoryDatabase()
    intake = Intake(database.inbox_queue, Lanes(_nothing_to_do), FakeClock())

    await intake.take([update, {"update_id": 8, "message": {"chat": CHAT}}])

    assert list(database.tables.inbox) == [8]
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert [one for one in caplog.records if one.exc_info] == []


@pytest.mark.parametrize("number", [TOO_LARGE - 2, 0])
async def test_the_largest_ids_that_the_database_can_store_are_accepted(number: int) -> None:
    database = InMemoryDatabase()
    intake = Intake(database.inbox_queue, Lanes(_nothing_to_do), FakeClock())
    said = {"chat": {"id": -TOO_LARGE}, "text": f"call {TOO_LARGE} or {10**30}"}

    await intake.take([{"update_id": number, "message": said}])

    assert list(database.tables.inbox) == [number]


async def test_polling_continues_past_an_update_without_an_id() -> None:
    database, asked = InMemoryDatabase(), list[int | None]()
    batches = [[{"update_id": "x"}, {"update_id": 4, "message": {"chat": CHAT}}], []]

    async def fetch(offset: int | None) -> list[Any]:
        asked.append(offset)
        if not batches:
            await asyncio.Event().wait()
        return batches.pop(0)

    intake = Intake(database.inbox_queue, Lanes(_nothing_to_do), FakeClock())
    polling = Polling(fetch, intake, SoleClaims())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await polling.run()

    assert asked == [None, 5, 5]


async def _nothing_to_do(lanes: Sequence[str]) -> Sequence[str]:
    return []
