"""The staff group can't be written to, or has another id: requests wait, and nobody is lost."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import BlockedError, MovedError, RefusedError, TelegramError
from state.model.alarm import Alarm
from state.usecases.lanes import alert
from tests.support.chat import ANN, GROUP, STRANGER, Conversation, Scene
from tests.support.scenes import opened_scene

NEW = -1009876543210
MOVED = MovedError("Bad Request: group chat was upgraded to a supergroup chat", NEW)
GONE = [
    MOVED,
    BlockedError("Forbidden: bot was kicked from the supergroup chat"),
    *(
        RefusedError(f"Bad Request: {reason}")
        for reason in (
            "chat not found",
            "group chat was deactivated",
            "not enough rights to create a topic",
            "the chat is not a forum",
            "have no rights to send a message",
            "need administrator rights in the channel chat",
            "CHANNEL_PRIVATE",
            "CHAT_WRITE_FORBIDDEN",
            "CHAT_RESTRICTED",
            "PEER_ID_INVALID",
        )
    ),
]
NAMES = [str(one) for one in GONE]


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


@pytest.mark.parametrize("error", GONE, ids=NAMES)
async def test_a_request_for_a_person_waits_until_the_group_is_reachable(
    scene: Scene, ada: Conversation, error: TelegramError
) -> None:
    scene.telegram.failing = {"createForumTopic": error}
    await ada.say("/human")
    await ada.say("my account is gone")
    before = dict(scene.telegram.forum.names)
    await scene.wait(minutes=2)

    assert before == {}
    assert "my account is gone" in scene.staff(ANN).text


@pytest.mark.parametrize("error", GONE, ids=NAMES)
async def test_a_message_of_a_conversation_waits_until_the_group_is_reachable(
    scene: Scene, ada: Conversation, error: TelegramError
) -> None:
    await ada.say("/human")
    scene.telegram.failing = {"copyMessage": error}
    await ada.say("my account is gone")
    await scene.wait(minutes=2)

    assert scene.staff(ANN).last.text == "my account is gone"


@pytest.mark.parametrize("error", GONE, ids=NAMES)
async def test_alarms_and_refusals_wait_until_the_group_is_reachable(
    scene: Scene, ada: Conversation, error: TelegramError
) -> None:
    await ada.say("/human")
    stranger = scene.staff(STRANGER)
    scene.telegram.failing = {"sendMessage": error}
    await stranger.say("hello")
    scene.telegram.failing = {"sendMessage": error}
    await scene.parts.desk.database.transact(
        lambda unit: alert(unit, Alarm.CLOCK, now=scene.clock.now())
    )
    await scene.settle()
    await scene.wait(minutes=2)

    assert "Nothing was done: you aren't on the list" in stranger.text
    alarms = [one for one in scene.telegram.chats[GROUP] if one.thread is None]
    assert len(alarms) == 1


async def test_the_new_id_of_the_group_is_logged(
    scene: Scene, ada: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    scene.telegram.failing = {"createForumTopic": MOVED}
    with caplog.at_level(logging.ERROR):
        await ada.say("/human")

    assert f"set HELPDESK_STAFF_CHAT_ID to {NEW}" in caplog.text


async def test_staff_messages_are_sent_as_text_if_the_group_has_moved(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    scene.telegram.failing = {"copyMessage": MOVED}
    await scene.staff(ANN).say("Which account?")

    assert ada.last.text == "Which account?"


async def test_a_person_who_blocked_the_bot_does_not_count_as_a_lost_group(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    scene.telegram.failing = {"copyMessage": RefusedError("Bad Request: chat not found")}
    await ann.message(dice={"emoji": "x", "value": 1})

    assert "could not be carried over" in ann.last.text
