"""An album is one message to people, though each of its pictures is an update of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chat import GROUP, STRANGER, Conversation, Scene
from tests.support.scenes import opened_scene

PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 90, "height": 90}]}
QUESTION = "how do I verify my phone?"
ANSWER = "Verifying your phone number"
ONLY_WORDS = "I can only read words"


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


def shown_to(one: Conversation) -> list[str]:
    return [message.text for message in one.messages]


@pytest.mark.parametrize("captioned", [0, 1, 2, None])
async def test_an_album_gets_one_answer(ada: Conversation, captioned: int | None) -> None:
    for place in range(3):
        words = {"caption": QUESTION} if place == captioned else {}
        await ada.message(**PHOTO, media_group_id="7", **words)
    await ada.scene.wait(seconds=2)

    [answer] = ada.messages
    assert (ANSWER if captioned is not None else ONLY_WORDS) in answer.text


async def test_a_late_caption_is_answered_too(ada: Conversation) -> None:
    await ada.message(**PHOTO, media_group_id="7")
    await ada.scene.wait(seconds=2)
    await ada.message(**PHOTO, media_group_id="7", caption=QUESTION)
    await ada.message(**PHOTO, media_group_id="7")
    await ada.scene.wait(seconds=2)

    first, second = ada.messages
    assert ONLY_WORDS in first.text
    assert ANSWER in second.text


async def test_the_same_caption_on_every_picture_is_one_question(ada: Conversation) -> None:
    for _ in range(3):
        await ada.message(**PHOTO, media_group_id="7", caption=QUESTION)

    [answer] = ada.messages
    assert ANSWER in answer.text


async def test_each_album_gets_its_own_answer(ada: Conversation) -> None:
    for album in "77889":
        await ada.message(**PHOTO, media_group_id=album)
    await ada.scene.wait(seconds=2)

    assert [ONLY_WORDS in said for said in shown_to(ada)] == [True, True, True]


async def test_an_album_in_the_staff_group_is_refused_once(ada: Conversation) -> None:
    await ada.say("/human")
    stranger = ada.scene.staff(STRANGER)
    for _ in range(3):
        await stranger.message(**PHOTO, media_group_id="7")
    await ada.scene.wait(seconds=2)

    refused = [said for said in shown_to(stranger) if "Nothing was done" in said]
    assert len(refused) == 1
