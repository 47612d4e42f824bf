"""Telegram's door: the secret, and stored before it is acknowledged."""

from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.incoming.inbox import Intake, Lanes
from bot.web.server import application
from bot.web.telegram import HEADER, routes
from tests.support.chat import ADA, Scene
from tests.support.fakes import FakeClock, InMemoryDatabase
from tests.support.scenes import WEBHOOK_SECRET

UPDATE = {
    "update_id": 77,
    "message": {
        "message_id": 1,
        "date": 0,
        "chat": {"id": ADA, "type": "private"},
        "from": {"id": ADA, "is_bot": False, "first_name": "Ada"},
        "text": "hello",
    },
}


@pytest.mark.parametrize(
    "headers",
    [{}, {HEADER: "wrong"}, {HEADER: ""}, {HEADER: "gehëim"}, {HEADER: WEBHOOK_SECRET + "x"}],
    ids=["missing", "wrong", "empty", "not ASCII", "longer"],
)
async def test_an_update_without_the_secret_is_refused(
    scene: Scene, headers: dict[str, str]
) -> None:
    answer = await scene.door.post("/telegram", json=UPDATE, headers=headers)

    assert answer.status == 403
    assert answer.content_type == "application/problem+json"
    assert await scene.parts.desk.database.inbox_queue.waiting_lanes() == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        "7",
        "{}",
        '{"update_id": "x"}',
        '{"update_id": null}',
        "\udcff",
    ],
)
async def test_a_body_that_is_no_update_is_refused(scene: Scene, body: str) -> None:
    answer = await scene.door.post(
        "/telegram",
        data=body.encode(errors="surrogateescape"),
        headers={HEADER: WEBHOOK_SECRET},
    )

    assert answer.status == 400
    assert (await answer.json())["detail"] == "The body is not an update of the Bot API."


async def test_an_update_is_stored_and_then_acknowledged(scene: Scene) -> None:
    statuses = [
        (await scene.door.post("/telegram", json=UPDATE, headers=_secret())).status
        for _ in range(2)
    ]

    waiting = await scene.parts.desk.database.inbox_queue.waiting_lanes()
    await scene.settle()

    assert statuses == [200, 200]
    assert waiting == {f"chat:{ADA}"}
    assert len(scene.person(ADA).messages) == 1


def _secret() -> dict[str, str]:
    return {HEADER: WEBHOOK_SECRET}


async def test_crashing_turns_lose_no_update() -> None:
    database = InMemoryDatabase()

    async def crash(lanes: Sequence[str]) -> Sequence[str]:
        raise RuntimeError("the runner is broken")

    intake = Intake(database.inbox_queue, Lanes(crash), FakeClock())
    async with _door(intake.take) as door:
        answer = await door.post("/telegram", json=UPDATE, headers=_secret())

    assert answer.status == 200
    assert database.tables.inbox[77].open


async def test_an_update_that_could_not_be_stored_is_not_acknowledged() -> None:
    async def full(updates: Any) -> None:
        raise OSError("disk full")

    async with _door(full) as door:
        answer = await door.post("/telegram", json=UPDATE, headers=_secret())

    assert answer.status == 500
    assert answer.content_type == "application/problem+json"


def _door(take: Any) -> "TestClient[web.Request, web.Application]":
    return TestClient(TestServer(application(routes(take, WEBHOOK_SECRET))))


@pytest.mark.parametrize(
    "number", [b"9223372036854775808", b"-1", b"1e400", b"NaN", b"true", b'"7"', b"1.5"]
)
async def test_an_invalid_update_id_is_refused(scene: Scene, number: bytes) -> None:
    body = b'{"update_id": %s}' % number
    answer = await scene.door.post("/telegram", data=body, headers=_secret())

    assert answer.status == 400


async def test_a_chat_id_too_large_for_the_database_stops_nothing(scene: Scene) -> None:
    said = {"message_id": 1, "date": 0, "chat": {"id": 2**63, "type": "private"}, "text": "hi"}
    odd = await scene.door.post(
        "/telegram", json={"update_id": 76, "message": said}, headers=_secret()
    )
    sound = await scene.door.post("/telegram", json=UPDATE, headers=_secret())
    await scene.settle()

    assert (odd.status, sound.status) == (200, 200)
    assert len(scene.person(ADA).messages) == 1
