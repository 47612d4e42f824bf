"""Staff write in a topic that is closed: their words arrive, or they see that they don't."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import RefusedError
from tests.support.chat import ANN, BOB, GROUP, STRANGER, Conversation, Scene
from tests.support.scenes import opened_scene

OVER = "Nothing was done: this talk is over."


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


@pytest_asyncio.fixture
async def ann(ada: Conversation) -> Conversation:
    await ada.say("/human")
    return ada.scene.staff(ANN)


async def test_a_staff_message_after_the_close_is_refused_in_the_topic(
    scene: Scene, ann: Conversation
) -> None:
    await ann.say("/close")
    closed = set(scene.telegram.forum.closed)

    [refused] = await ann.say("one more thing")

    assert closed == {ann.thread}
    assert OVER in refused.text


async def test_a_staff_file_after_the_close_is_refused_in_the_topic(
    ada: Conversation, ann: Conversation
) -> None:
    await ann.say("/close")
    seen = len(ada.messages)

    [refused] = await ann.message(dice={"emoji": "x", "value": 1})

    assert OVER in refused.text
    assert len(ada.messages) == seen


async def test_a_topic_closed_by_hand_is_reopened_for_messages_and_refusals(
    scene: Scene, ada: Conversation, ann: Conversation
) -> None:
    await ann.say("/take")
    scene.telegram.forum.closed.add(ann.thread or 0)
    bob, stranger = scene.staff(BOB), scene.staff(STRANGER)

    await ann.say("Which account?")
    [not_staff] = await stranger.say("hello")
    scene.telegram.forum.closed.add(ann.thread or 0)
    [held] = await bob.say("I know")

    assert ada.last.text == "Which account?"
    assert "you aren't on the list" in not_staff.text
    assert "Ann" in held.text


async def test_a_topic_reopened_for_a_refusal_is_stored_as_open(
    scene: Scene, ada: Conversation, ann: Conversation
) -> None:
    await ann.say("/close")
    await ann.say("one more thing")
    await ada.press("No, not yet")
    await ada.say("it is not solved")

    reopenings = [name for name, _ in scene.telegram.calls if name == "reopenForumTopic"]
    assert len(reopenings) == 1
    assert ann.last.text == "it is not solved"


@pytest.mark.parametrize("reason", ["CHAT_ADMIN_REQUIRED", "TOPIC_ID_INVALID"])
async def test_if_a_topic_cannot_be_reopened_the_refusal_goes_to_the_general_topic(
    scene: Scene, ann: Conversation, reason: str
) -> None:
    await ann.say("/close")
    scene.telegram.failing = {"reopenForumTopic": RefusedError(f"Bad Request: {reason}")}
    await ann.say("one more thing")

    assert OVER in scene.telegram.chats[GROUP][-1].text
    assert scene.telegram.chats[GROUP][-1].thread is None


async def test_a_refusal_in_a_deleted_topic_goes_to_the_general_topic(
    scene: Scene, ann: Conversation
) -> None:
    await ann.say("/close")
    scene.telegram.forum.delete(ann.thread or 0)
    await ann.say("one more thing")

    assert OVER in scene.telegram.chats[GROUP][-1].text
