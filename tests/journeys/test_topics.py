"""The topics of the staff group: created once, repaired, closed, and what Telegram refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import BlockedError, RefusedError, RetryAfterError
from tests.support.chat import BOB, GROUP, STRANGER, Conversation, Scene
from tests.support.scenes import opened_scene

OVER = "Nothing was done: this talk is over."
PHOTO = {
    "photo": [{"file_id": "p1", "file_unique_id": "u1", "width": 10, "height": 10}],
}


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def test_a_deleted_topic_is_replaced_once_and_the_message_sent_again(
    ada: Conversation, ann: Conversation
) -> None:
    await ada.say("one")
    ada.scene.telegram.forum.delete(ann.thread or 0)
    await ada.say("two")
    await ada.say("three")

    assert ada.scene.telegram.forum.made == 2
    texts = [one.text for one in ada.scene.staff().messages]
    assert texts[0].startswith("Ticket")
    assert texts[1:] == ["two", "three"]


async def test_a_topic_closed_by_hand_is_reopened(ada: Conversation, ann: Conversation) -> None:
    ada.scene.telegram.forum.closed.add(ann.thread or 0)

    await ada.say("one")

    assert ann.last.text == "one"
    assert ada.scene.telegram.forum.closed == set()
    assert ada.scene.telegram.forum.made == 1


async def test_a_notice_alone_creates_no_topic(ada: Conversation, ann: Conversation) -> None:
    ada.scene.telegram.forum.delete(ann.thread or 0)

    await ada.say("/bot")

    assert ada.scene.telegram.forum.made == 1


async def test_a_retry_after_loses_and_duplicates_nothing(ada: Conversation) -> None:
    ada.scene.telegram.failing = {"createForumTopic": RetryAfterError(5)}
    await ada.say("/human")
    await ada.say("one")
    for _ in range(4):
        await ada.scene.wait(seconds=6)

    assert ada.scene.telegram.forum.made == 1
    assert [one.text for one in ada.scene.staff().messages][1:] == ["one"]


async def test_no_second_topic_is_created_if_the_summary_has_to_wait(ada: Conversation) -> None:
    ada.scene.telegram.failing = {"sendMessage": RetryAfterError(3)}
    await ada.scene.receive({"message": ada._message(text="agent please")})
    for _ in range(4):
        await ada.scene.wait(seconds=6)

    assert ada.scene.telegram.forum.made == 1
    assert [one.text.split()[0] for one in ada.scene.staff().messages] == ["Ticket"]


async def test_staff_are_told_that_the_freelancer_blocked_the_bot(
    ada: Conversation, ann: Conversation
) -> None:
    ada.scene.telegram.blocked.add(ada.chat)
    await ann.say("Hello?")
    told = ann.last.text
    await ann.say("Hello again?")
    ada.scene.telegram.blocked.clear()
    await ada.say("back again")
    await ann.say("welcome back")

    assert told.startswith("Not delivered: they blocked the bot.")
    assert ada.last.text == "welcome back"


async def test_a_group_without_write_permission_loses_nothing(ada: Conversation) -> None:
    refusal = RefusedError("Bad Request: not enough rights to create a topic")
    ada.scene.telegram.failing = {"createForumTopic": refusal}
    await ada.say("/human")
    await ada.say("one")
    for _ in range(4):
        await ada.scene.wait(seconds=30)

    assert [one.text for one in ada.scene.staff().messages][1:] == ["one"]


async def test_messages_wait_while_the_bot_is_removed_from_the_group(ada: Conversation) -> None:
    kicked = BlockedError("Forbidden: bot was kicked from the group")
    ada.scene.telegram.failing = {"createForumTopic": kicked}
    await ada.say("/human")
    for _ in range(4):
        await ada.scene.wait(seconds=30)

    assert ada.scene.telegram.forum.made == 1


async def test_a_message_deleted_before_its_copy_is_sent_as_text(
    ada: Conversation, ann: Conversation
) -> None:
    ada.scene.telegram.failing = {
        "copyMessage": RefusedError("Bad Request: message to copy not found")
    }

    await ada.say("gone already")

    assert ann.last.text == "gone already"


async def test_a_message_that_cannot_be_copied_is_reported(
    ada: Conversation, ann: Conversation
) -> None:
    ada.scene.telegram.failing = {
        "copyMessage": RefusedError("Bad Request: message can't be copied")
    }

    await ada.message(**PHOTO)

    assert "One message (photo) could not be carried over" in ann.last.text


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
