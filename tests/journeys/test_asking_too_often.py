"""A few strangers can't keep the staff group busy: hand-overs are counted, and news are merged."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import RetryAfterError
from state.model.chat import ChatId
from state.model.work import GroupNews
from state.usecases.tickets.effects import tell_group
from tests.support.chat import ADA, ANN, BEN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

LIMIT = 5


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def to_and_fro(person: Conversation, times: int) -> None:
    for _ in range(times):
        await person.say("/human")
        await person.say("/bot")


async def test_a_person_over_the_limit_is_told_when_to_ask_again(
    scene: Scene, ada: Conversation
) -> None:
    await to_and_fro(ada, LIMIT)
    seen = len(scene.staff().messages)
    [refused] = await ada.say("/human")
    await scene.wait(minutes=61)
    [again] = await ada.say("/human")

    assert "You can ask for a person again from 23 Nov 2026, 13:00 UTC" in refused.text
    assert len(scene.staff().messages) == seen + 2
    assert "You're in the line for a person" in again.text


async def test_repeated_requests_keep_the_open_conversation(
    scene: Scene, ada: Conversation
) -> None:
    said = [await ada.say("/human") for _ in range(2 * LIMIT)]

    assert "You're in the line for a person" in said[-1][0].text
    assert scene.telegram.forum.made == 1


async def test_an_erasure_does_not_reset_the_count(scene: Scene, ada: Conversation) -> None:
    for _ in range(LIMIT):
        await ada.say("/human")
        await ada.say("/forget")
        await ada.press("Yes, erase everything")
    [refused] = await ada.say("/human")

    assert "You have asked for a person several times" in refused.text
    assert scene.telegram.forum.names == {}


async def test_other_people_are_not_limited(scene: Scene, ada: Conversation) -> None:
    await to_and_fro(ada, LIMIT + 1)
    [waiting] = await scene.person(BEN).say("/human")

    assert "The team has your request" in waiting.text


@pytest.mark.parametrize("way", ["button", "words"])
async def test_every_way_to_ask_for_a_person_is_limited(
    scene: Scene, ada: Conversation, way: str
) -> None:
    await to_and_fro(ada, LIMIT)
    [refused] = await (
        ada.press("Talk to a person") if way == "button" else ada.say("agent please")
    )

    assert "You have asked for a person several times" in refused.text


async def test_a_limit_of_zero_means_no_limit(database_url: str, tmp_path: Path) -> None:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0, hand_overs=0
    ) as scene:
        ada = scene.person(ADA)
        await to_and_fro(ada, 2 * LIMIT)
        [waiting] = await ada.say("/human")

    assert "You're in the line for a person" in waiting.text


async def test_waiting_notices_for_the_group_are_merged_into_one_message(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann, database = scene.staff(ANN), scene.parts.desk.database
    before = len(ann.messages)
    ticket = await database.read(lambda unit: unit.tickets.last(ChatId(ADA)))
    assert ticket is not None
    for number, news in enumerate((GroupNews.LEFT, GroupNews.REOPENED, GroupNews.LEFT)):
        await database.transact(
            lambda unit, news=news, number=number: tell_group(  # type: ignore[misc]
                unit, ticket, news, now=scene.clock.now(), once=str(number)
            )
        )
    await scene.settle()

    [told] = ann.messages[before:]
    assert told.text.split("\n") == [
        "They went back to the bot.",
        "They came back: it isn't solved.",
        "They went back to the bot.",
    ]


async def test_a_message_between_two_notices_keeps_its_place(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    scene.telegram.failing = {"copyMessage": RetryAfterError(30)}
    await ada.say("one")
    await ada.say("/bot")
    await ada.say("/human")
    await ada.say("two")
    await ada.say("/bot")
    early = len(ann.messages)
    await scene.wait(seconds=31)

    texts = [one.text for one in ann.messages[1:] if not one.text.startswith("Ticket")]
    assert early == 1
    assert texts == [
        "one",
        "They went back to the bot.\nThey came back: it isn't solved.",
        "two",
        "They went back to the bot.",
    ]


async def test_a_long_note_is_sent_as_a_message_of_its_own(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann, database = scene.staff(ANN), scene.parts.desk.database
    before = len(ann.messages)
    ticket = await database.read(lambda unit: unit.tickets.last(ChatId(ADA)))
    assert ticket is not None
    for number in range(3):
        await database.transact(
            lambda unit, number=number: tell_group(  # type: ignore[misc]
                unit,
                ticket,
                GroupNews.NOTED,
                now=scene.clock.now(),
                detail="x" * 3000,
                once=str(number),
            )
        )
    await scene.settle()

    assert [len(one.text) > 3000 for one in ann.messages[before:]] == [True] * 3
