"""A question typed in several short messages gets one answer, once the person pauses."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from knowledge.library.loader import shipped_folder
from tests.support.chat import ADA, Conversation, Scene
from tests.support.fakes import FakeClock
from tests.support.scenes import opened_scene

PAUSE = 2.1
"""Seconds; a little longer than the shipped HELPDESK_REPLY_DELAY."""


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with patient_scene(database_url, tmp_path, FakeClock()) as scene:
        yield scene


def patient_scene(url: str, folder: Path, clock: FakeClock) -> AbstractAsyncContextManager[Scene]:
    """A desk with the shipped articles, which waits for the rest of a question."""
    return opened_scene(url, folder=folder, clock=clock, articles=shipped_folder(), reply_delay=2)


async def say_quickly(person: Conversation, *texts: str) -> list[str]:
    """Say each text a second after the one before; returns the texts of the replies."""
    replies = []
    for text in texts:
        replies += await person.say(text)
        person.scene.clock.forward(seconds=1)
    return [reply.text for reply in replies]


async def test_short_messages_in_a_row_get_one_answer(ada: Conversation) -> None:
    early = await say_quickly(
        ada, "hi", "i have a question", "about the phone thing", "it doesnt ring"
    )
    await ada.scene.wait(seconds=PAUSE)

    [answer] = ada.messages
    assert early in ([], [answer.text])
    assert answer.text.startswith("Trouble with phone verification")


async def test_a_greeting_alone_is_answered_after_the_pause(ada: Conversation) -> None:
    early = await ada.say("hi")
    await ada.scene.wait(seconds=PAUSE)

    assert early == []
    assert len(ada.messages) == 1


async def test_a_greeting_and_a_question_get_the_answer_alone(ada: Conversation) -> None:
    early = await ada.say("hello")
    answers = await ada.say("how do I verify my phone number?")

    assert early == []
    assert [one.text.splitlines()[0] for one in answers] == ["Verifying your phone number"]


@pytest.mark.parametrize(
    "text",
    [
        "how do I verify my phone number",
        "what is the meaning of all this?",
        "/help",
        "thanks",
        "+14155550134",
        "ABCD-EFG2",
        "long " * 30,
    ],
)
async def test_what_is_whole_is_answered_at_once(ada: Conversation, text: str) -> None:
    assert await ada.say(text) != []


async def test_a_command_ends_the_wait(ada: Conversation) -> None:
    early = await ada.say("about the phone thing")
    replies = await ada.say("/help")

    assert early == []
    assert len(replies) == 2
    assert replies[-1].text == (await ada.say("/help"))[0].text


async def test_a_pressed_button_ends_the_wait(ada: Conversation) -> None:
    await ada.say("/help")
    early = await ada.say("about the phone thing")
    replies = await ada.press("Browse topics")

    assert early == []
    assert len(replies) == 2


async def test_an_edit_while_waiting_replaces_the_words(ada: Conversation) -> None:
    await ada.say("fone thingy")
    await ada.edit("how do I verify my phone")
    await ada.scene.wait(seconds=PAUSE)

    assert [one.text.splitlines()[0] for one in ada.messages] == ["Verifying your phone number"]


async def test_messages_in_two_topics_of_a_private_chat_are_answered_each_in_its_own(
    scene: Scene,
) -> None:
    first, second = (
        Conversation(scene=scene, person=ADA, chat=ADA, thread=thread) for thread in (7, 8)
    )

    scene.telegram.forum.names |= {7: "one topic", 8: "another"}

    await first.say("about the phone thing")
    await second.say("about the fees thing")
    await scene.wait(seconds=PAUSE)

    assert len(first.messages) == len(second.messages) == 1


async def test_a_person_who_never_pauses_is_answered_within_ten_seconds(
    ada: Conversation,
) -> None:
    said = await say_quickly(ada, *(f"well {number}" for number in range(12)))

    assert said != []


async def test_a_restart_while_waiting_loses_nothing(database_url: str, tmp_path: Path) -> None:
    async with patient_scene(database_url, tmp_path / "before", FakeClock()) as before:
        early = await before.person(ADA).say("hi")
        later = await before.person(ADA).say("it doesnt ring tho, the phone thing hmm")
    async with patient_scene(database_url, tmp_path / "after", before.clock) as after:
        await after.wait(seconds=PAUSE)
        answers = after.person(ADA).messages

    assert early == []
    assert len(later) + len(answers) == 1


async def test_two_people_do_not_share_a_question(ada: Conversation, ben: Conversation) -> None:
    await ada.say("hi")
    await ben.say("it doesnt ring tho hmm")
    await ada.scene.wait(seconds=PAUSE)

    assert len(ada.messages) == len(ben.messages) == 1
    assert ada.text != ben.text


async def test_each_message_is_answered_by_itself_without_a_delay(
    database_url: str, tmp_path: Path
) -> None:
    async with opened_scene(database_url, folder=tmp_path, reply_delay=0) as scene:
        ada = scene.person(ADA)

        assert len(await ada.say("hi")) == 1
        assert len(await ada.say("i have a question")) == 1
