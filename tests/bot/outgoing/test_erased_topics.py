"""The topic of an erased person is deleted, whatever Telegram says at first."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import (
    BlockedError,
    RefusedError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from tests.support.chat import ADA, GROUP, Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


@pytest.mark.parametrize(
    "error",
    [
        RetryAfterError(30),
        UnreachableError("deleteForumTopic: TimeoutError"),
        BlockedError("Forbidden: bot was kicked"),
        RefusedError("Bad Request: not enough rights to delete the topic"),
        RefusedError("Bad Request: a reason of a later version"),
    ],
    ids=["wait", "no connection", "kicked", "rights", "other"],
)
async def test_a_topic_that_could_not_be_deleted_is_deleted_later(
    scene: Scene, error: TelegramError
) -> None:
    ada = scene.person(ADA)
    await ada.say("/human")
    await ada.say("my name is Rumpelstilzchen")
    await ada.say("/forget")
    scene.telegram.failing = {"deleteForumTopic": error}
    await ada.press("Yes, erase everything")
    before = dict(scene.telegram.forum.names)

    await scene.wait(minutes=2)

    assert len(before) == 1
    assert scene.telegram.forum.names == {}


async def test_a_topic_already_deleted_by_staff_is_not_requested_again(scene: Scene) -> None:
    ada = scene.person(ADA)
    await ada.say("/human")
    await ada.say("/forget")
    scene.telegram.forum.delete(501)
    await ada.press("Yes, erase everything")
    await scene.wait(minutes=2)

    deletions = [name for name, _ in scene.telegram.calls if name == "deleteForumTopic"]
    assert len(deletions) == 1
