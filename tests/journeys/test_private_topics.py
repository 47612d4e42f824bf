"""A private chat with topics: what the bot says stays in the topic that the person writes in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from state.model.chat import ChatId
from state.usecases.private_topics import private_topic
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, ANN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

TOPIC = 77


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        scene.telegram.forum.names[TOPIC] = "Ada's topic"
        yield scene


@pytest.fixture
def ada(scene: Scene) -> Conversation:
    ada = scene.person(ADA)
    ada.thread = TOPIC
    return ada


def places(scene: Scene) -> set[int | None]:
    """Topics that something was sent to in Ada's chat."""
    return {one.thread for one in scene.telegram.chats.get(ADA, [])}


async def test_texts_and_presses_are_answered_in_the_topic(ada: Conversation) -> None:
    await ada.say("how do I verify my phone?")
    await ada.press("More …")
    await ada.press("Browse topics")

    assert len(ada.messages) == 2
    assert places(ada.scene) == {TOPIC}


async def test_a_call_is_shown_in_the_topic(ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()

    assert ada.code
    assert places(ada.scene) == {TOPIC}


async def test_progress_notices_are_sent_into_the_topic(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/connects")
    seen = len(ada.messages)

    await ada.scene.wait(minutes=1)
    await ada.scene.push(a_snapshot(ADA, ada.scene.clock.now(), completeness=91))

    assert len(ada.messages) > seen
    assert places(ada.scene) == {TOPIC}


async def test_staff_messages_are_sent_into_the_topic(scene: Scene, ada: Conversation) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    await ann.say("Which account?")
    await ann.message(photo=[{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}])
    await ann.say("/a verify-phone-number")
    await ann.say("/close")

    assert "Which account?" in ada.text
    assert "[photo]" in ada.text
    assert "Verifying your phone number" in ada.text
    assert places(scene) == {TOPIC}


async def test_reminders_are_sent_into_the_topic(scene: Scene, ada: Conversation) -> None:
    await ada.link(timezone="Europe/London")
    await ada.say("/connects")
    await ada.press("Remind me once a week")
    await ada.press("Yes, once a week")
    seen = len(ada.messages)
    await scene.wait(hours=24 * 7)

    assert len(ada.messages) > seen
    assert places(scene) == {TOPIC}


async def test_export_and_erasure_are_answered_in_the_topic(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.say("/export")
    await ada.say("/forget")
    await ada.press("Yes, erase everything")

    assert "Erased." in ada.last.text
    assert places(scene) == {TOPIC}


async def test_an_erasure_forgets_the_topic(scene: Scene, ada: Conversation) -> None:
    await ada.say("hello")
    await ada.say("/forget")
    await ada.press("Yes, erase everything")

    assert await topic_of(scene) is None


async def topic_of(scene: Scene) -> int | None:
    return await scene.parts.desk.database.read(lambda unit: private_topic(unit, ChatId(ADA)))


async def test_start_in_a_topic_stores_nothing(scene: Scene, ada: Conversation) -> None:
    await ada.say("/start")

    assert places(scene) == {TOPIC}
    assert await topic_of(scene) is None


async def test_messages_go_to_the_topic_used_last(scene: Scene, ada: Conversation) -> None:
    scene.telegram.forum.names[TOPIC + 2] = "another"
    await ada.say("/human")
    ada.thread = TOPIC + 2
    await ada.say("my account is gone")
    await scene.staff(ANN).say("Which one?")

    assert ada.last.text == "Which one?"


@pytest.mark.parametrize("how", ["deleted", "closed"])
async def test_a_deleted_or_closed_topic_loses_no_message(
    scene: Scene, ada: Conversation, how: str
) -> None:
    ends = {"deleted": scene.telegram.forum.delete, "closed": scene.telegram.forum.closed.add}
    await ada.say("/human")
    ann = scene.staff(ANN)
    ends[how](TOPIC)
    await ann.say("Which account?")
    await ann.say("/close")

    outside = [one.text for one in scene.telegram.chats[ADA] if one.thread is None]
    assert outside[0].startswith("Ann is with you now")
    assert outside[1] == "Which account?"
    assert outside[2].startswith("The talk is over")


async def test_an_apology_for_an_unparsable_message_is_sent_into_the_topic(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("hello")
    await scene.receive({"message": {"chat": ada._chat(), "from": ada._user(), "date": "no date"}})

    assert "Something went wrong" in ada.last.text


@pytest.mark.parametrize("shown", [{"date": 0}, None], ids=["too old", "not shown"])
async def test_a_press_on_an_old_button_is_answered_in_the_topic(
    scene: Scene, ada: Conversation, shown: dict[str, int] | None
) -> None:
    await ada.say("how do I verify my phone?")
    press = {"id": "1", "from": ada._user(), "chat_instance": "1", "data": "t:"}
    message = {"message_id": 1, "chat": ada._chat(), **shown} if shown else None
    await scene.receive({"callback_query": press | ({"message": message} if message else {})})

    assert len(ada.messages) == 2
    assert places(scene) == {TOPIC}
