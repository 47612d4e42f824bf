"""What went wrong for others who connect people with people: each is a case of ours."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.app import running
from bot.gateways.telegram.client import RetryAfterError
from tests.journeys.long_talk import on_loopback, staffed
from tests.support.chat import ANN, BEN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def test_start_messages_of_many_people_create_no_topics(scene: Scene) -> None:
    swarm = [scene.person(5000 + number) for number in range(30)]
    for one in swarm:
        await one.say("/start")

    assert scene.telegram.forum.made == 0
    assert all(len(one.messages) == 1 for one in swarm)


async def test_a_burst_of_messages_creates_one_topic_and_keeps_its_order(
    database_url: str, tmp_path: Path
) -> None:
    async with on_loopback() as (talk, api):
        talk.telegram.visitors.say(talk.chat, "agent please")
        for number in range(20):
            talk.ada(number)
        async with running(staffed(database_url, api, tmp_path)):
            await talk.until(by_staff=20)

    assert len(talk.group.topics) == 1
    assert talk.seen_by_staff() == [f"from Ada {number}" for number in range(20)]


async def test_start_makes_no_topic_calls(sqlite_url: str, tmp_path: Path) -> None:
    async with on_loopback() as (talk, api):
        settings = staffed(sqlite_url, api, tmp_path)
        async with running(settings):
            talk.telegram.visitors.say(talk.chat, "agent please")
            talk.ada(0)
            await talk.until(by_staff=1)
        before = list(talk.group.messages.values())
        async with running(settings):
            await asyncio.sleep(0.5)

    assert list(talk.group.messages.values()) == before


async def test_two_concurrent_conversations_are_never_mixed_up(scene: Scene) -> None:
    ada, ben = scene.person(), scene.person(BEN)
    await ada.say("/human")
    for_ada = scene.staff(ANN)
    await ben.say("/human")
    for_ben = scene.staff(ANN)
    for number in range(5):
        await ada.say(f"Ada {number}")
        await ben.say(f"Ben {number}")
        await for_ben.say(f"to Ben {number}")
        await for_ada.say(f"to Ada {number}")

    assert for_ada.thread != for_ben.thread
    assert "Ben" not in for_ada.text
    assert "to Ben" not in ada.text
    assert "to Ada" not in ben.text
    assert "Ada 4" in for_ada.text
    assert "Ada 4" not in for_ben.text


async def test_a_rate_limited_cosmetic_call_is_dropped(scene: Scene, ada: Conversation) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    scene.telegram.failing = {"closeForumTopic": RetryAfterError(3000)}
    await ann.say("/close")
    [again] = await ada.press("No, not yet")
    await ada.say("it is not solved")

    assert "You're in the line for a person" in again.text
    assert ann.last.text == "it is not solved"
    closings = [name for name, _ in scene.telegram.calls if name == "closeForumTopic"]
    assert len(closings) == 1


async def test_after_the_end_of_a_conversation_the_bot_answers_again(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    await ann.say("Hello")
    await ann.say("/close")
    seen = len(ann.messages)

    answer = await ada.say("how do I verify my phone?")

    assert "Verifying your phone number" in answer[0].text
    assert len(ann.messages) == seen


async def test_an_edit_after_the_end_still_reaches_the_topic(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    await ada.say("my acount is gone")
    theirs = ann.last
    await ada.say("/bot")
    ada.said -= 1

    await ada.edit("my account is gone")

    assert theirs.text == "my account is gone"


async def test_an_edit_of_a_question_during_a_conversation_goes_to_staff(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("how do I verify my phone?")
    question = ada.said
    await ada.say("/human")
    ada.said = question

    await ada.edit("how do I verify my other phone?")

    assert scene.staff(ANN).last.text == "how do I verify my other phone?"


async def test_an_album_of_staff_arrives_as_one(scene: Scene, ada: Conversation) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    photo = {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]}
    for place in range(3):
        await ann.message(**photo, media_group_id="9", caption=str(place))
    await ann.say("that is how")
    await scene.wait(seconds=2)

    assert [(one.text, one.album) for one in ada.messages[-4:]] == [
        ("[photo]0", "9"),
        ("[photo]1", "9"),
        ("[photo]2", "9"),
        ("that is how", None),
    ]


async def test_an_erasure_deletes_the_topic(scene: Scene, ada: Conversation) -> None:
    await ada.say("/human")
    await ada.say("my name is Rumpelstilzchen")
    await ada.say("/forget")
    await ada.press("Yes, erase everything")

    assert scene.telegram.forum.names == {}
    assert "Erased." in ada.last.text


async def test_an_export_contains_the_conversation_and_the_notes(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    await ada.say("my account is gone")
    await scene.staff(ANN).say("/note sounds upset")
    await scene.staff(ANN).say("Which one?")

    await ada.say("/export")

    [talk] = ada.file["talks"]
    assert [(one["by"], one["text"]) for one in talk["said"]] == [
        ("freelancer", "my account is gone"),
        ("staff", "Which one?"),
    ]
    assert [one["text"] for one in talk["notes"]] == ["sounds upset"]
    assert talk["reason"] == "asked"
