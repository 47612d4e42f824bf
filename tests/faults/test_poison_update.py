"""One update that nobody can make sense of blocks nobody."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.faults.ledger import Ledger
from tests.support.chat import ADA, BEN
from tests.support.scenes import WEBHOOK_SECRET, opened_scene

FROM_ADA: dict[str, Any] = {
    "message_id": 1,
    "date": 0,
    "chat": {"id": ADA, "type": "private"},
    "from": {"id": ADA, "is_bot": False, "first_name": "Ada"},
}
DEEP: Any = "x"
for _ in range(200):
    DEEP = [DEEP]
POISON: dict[str, dict[str, Any]] = {
    "half an emoji": {"message": {**FROM_ADA, "text": "\ud83d"}},
    "a zero": {"message": {**FROM_ADA, "text": "a\0b"}},
    "a sender who is a number": {"message": {**FROM_ADA, "from": 5}},
    "a chat without an id": {"message": {**FROM_ADA, "chat": {}}},
    "a press on a list": {"callback_query": {"id": "1", "from": {"id": ADA}, "message": [1]}},
    "an id that is a word": {"message": {**FROM_ADA, "from": {"id": "Ada"}}},
    "a text that is an object": {"message": {**FROM_ADA, "text": {"a": 1}}},
    "ten thousand entities": {
        "message": {
            **FROM_ADA,
            "text": "hello",
            "entities": [{"type": "bold", "offset": 0, "length": 1}] * 10_000,
        }
    },
    "two hundred levels": {"message": {**FROM_ADA, "text": "hello", "entities": DEEP}},
    "a kind of the future": {"hologram": {"from": {"id": ADA}}},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
async def test_a_poison_update_delays_nobody(
    database_url: str, tmp_path: Path, poison: dict[str, Any]
) -> None:
    async with opened_scene(database_url, folder=tmp_path, read_rate_person=20) as scene:
        ben = scene.person(BEN)
        await scene.parts.intake.take([{"update_id": 1, **poison}])
        scene.updates = 1

        [answer] = await ben.say("what is basic profile information")

        ledger = Ledger(scene.parts.desk.database)
        assert "basic profile" in answer.text
        assert await ledger.updates() == 2
        assert await ledger.waiting(scene.clock.now()) == []


BODIES = {
    "too large": (b'{"update_id": 5, "x": "' + b"x" * 1_100_000 + b'"}', 413),
    "deep": (b'{"update_id": 5, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "an id of a million digits": (b'{"update_id": ' + b"9" * 1_000_000 + b"}", 400),
    "an array of a hundred thousand": (b"[" + b"1," * 100_000 + b"1]", 400),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES.keys())
async def test_an_expensive_body_is_refused(
    sqlite_url: str, tmp_path: Path, body: bytes, status: int
) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        answer = await scene.door.post("/telegram", data=BytesIO(body), headers=headers)

        assert answer.status == status
        assert await Ledger(scene.parts.desk.database).updates() == 0
