"""After the answer: related articles, whether it helped, second thoughts, and going on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import UnreachableError
from knowledge.library.loader import shipped_folder
from state.model.question import Fault, Question
from tests.support.chat import ADA, BEN, Conversation, Scene
from tests.support.fakes import START
from tests.support.scenes import opened_scene

NOT_HELPED = "It didn't help"
WAYS = ["Browse topics", "Talk to a person"]


@pytest_asyncio.fixture
async def library(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """Every shipped article is there."""
    async with opened_scene(sqlite_url, folder=tmp_path, articles=shipped_folder()) as scene:
        yield scene


@pytest.fixture
def reader(library: Scene) -> Conversation:
    return library.person(ADA)


async def gaps(scene: Scene) -> list[Question]:
    return list(
        await scene.parts.desk.database.read(lambda unit: unit.questions.gaps(START, limit=100))
    )


async def test_an_answer_asks_whether_it_helped_and_offers_related_articles(
    reader: Conversation,
) -> None:
    [answer] = await reader.say("how do I verify my phone number?")

    assert answer.text.endswith("Did this help?")
    assert answer.labels == ["It helped", NOT_HELPED, "Verify my phone", "More …"]


async def test_an_answer_without_an_action_offers_a_related_article(reader: Conversation) -> None:
    [answer] = await reader.say("what is the work view tracker?")
    title = answer.labels[2]

    [related] = await reader.press(title)

    assert len(answer.labels) == 4
    assert related.text.startswith(title)


async def test_more_shows_everything_that_leads_on_in_place(reader: Conversation) -> None:
    [answer] = await reader.say("how do I verify my phone number?")
    shown = answer.text

    await reader.press("More …")

    [menu] = reader.messages
    assert menu.text == shown
    assert menu.labels[0] == "Verify my phone"
    assert menu.labels[-2:] == WAYS
    assert len(menu.labels) > 4


async def test_the_menu_of_an_answer_that_is_gone_loses_its_buttons(
    reader: Conversation,
) -> None:
    [answer] = await reader.say("how do I verify my phone number?")

    [gone] = await reader.press_data(answer, "m:4711")

    assert "leads nowhere now" in gone.text
    assert answer.labels == []


async def test_buttons_that_cannot_be_removed_at_first_double_no_message(
    reader: Conversation,
) -> None:
    [answer] = await reader.say("how do I verify my phone number?")
    reader.scene.telegram.failing["editMessageReplyMarkup"] = UnreachableError("no route")

    await reader.press_data(answer, "m:4711")
    await reader.scene.wait(seconds=5)

    assert len(reader.messages) == 2
    assert answer.labels == []


async def test_a_related_article_is_two_taps_away(reader: Conversation) -> None:
    await reader.say("how do I verify my phone number?")
    await reader.press("More …")
    title = reader.last.labels[1]

    [related] = await reader.press(title)

    assert related.text.startswith(title)
    assert related.text.endswith("Did this help?")


async def test_after_a_yes_the_rating_is_not_asked_again(
    reader: Conversation, library: Scene
) -> None:
    await reader.say("how do I verify my phone number?")

    [answer] = await reader.press("It helped")

    assert answer.text.endswith("You said that this helped. Thank you.")
    assert not {"It helped", NOT_HELPED} & set(answer.labels)
    assert await gaps(library) == []


async def test_after_a_no_the_reason_is_asked_and_the_runner_up_offered(
    reader: Conversation, library: Scene
) -> None:
    await reader.say("how do I verify my phone number?")

    answer, sorry = await reader.press(NOT_HELPED)
    asked = sorry.text
    [noted] = await reader.press("Something is missing")

    assert asked.startswith("I'm sorry. What was wrong with it?")

    assert answer.text.endswith("You said that this didn't help.")
    assert noted.message_id == sorry.message_id
    assert noted.text.startswith("Thank you, that is noted")
    assert noted.labels[1:] == WAYS
    [gap] = await gaps(library)
    assert (gap.words, gap.fault) == ("how do I verify my phone number?", Fault.INCOMPLETE)


async def test_the_runner_up_article_opens(reader: Conversation) -> None:
    await reader.say("how do I verify my phone number?")
    _, sorry = await reader.press(NOT_HELPED)
    label = sorry.labels[4]

    [other] = await reader.press(label)

    assert other.text.startswith(label.removeprefix("Read: "))


async def test_rating_twice_changes_nothing(reader: Conversation) -> None:
    [answer] = await reader.say("how do I verify my phone number?")
    data = next(b["callback_data"] for b in answer.buttons if b["text"] == NOT_HELPED)
    yes = next(b["callback_data"] for b in answer.buttons if b["text"] == "It helped")
    await reader.press_data(answer, data)
    before = len(reader.messages)

    assert await reader.press_data(answer, data) == []
    assert await reader.press_data(answer, yes) == []
    assert len(reader.messages) == before


@pytest.mark.parametrize("data", ["f:999:yes", "f:x:no", "f:" + "9" * 40 + ":yes", "f:1:shrug"])
async def test_a_forged_rating_button_is_refused(reader: Conversation, data: str) -> None:
    [answer] = await reader.say("hello")

    [gone] = await reader.press_data(answer, data)

    assert gone.text.startswith("That button is from an older message")


async def test_a_rating_for_another_chat_is_ignored(reader: Conversation, library: Scene) -> None:
    [answer] = await reader.say("how do I verify my phone number?")
    data = next(b["callback_data"] for b in answer.buttons if b["text"] == NOT_HELPED)
    other = library.person(BEN)
    [hello] = await other.say("hello")

    [gone] = await other.press_data(hello, data)

    assert gone.text.startswith("That button is from an older message")
    assert await gaps(library) == []


async def test_an_edited_question_changes_its_answer_in_place(reader: Conversation) -> None:
    [first] = await reader.say("how do I verify my phone number?")

    [again] = await reader.edit("what are connects?")

    assert again.message_id == first.message_id
    assert again.text.startswith("What Connects are")
    assert len(reader.messages) == 1


async def test_an_edited_question_without_an_answer_replaces_the_earlier_answer(
    reader: Conversation,
) -> None:
    [first] = await reader.say("how do I verify my phone number?")

    [again] = await reader.edit("what is the weather in Lisbon?")

    assert again.message_id == first.message_id
    assert again.text.startswith("I have no article that answers this")


async def test_an_edit_from_two_questions_to_one_withdraws_one_answer(
    reader: Conversation,
) -> None:
    first, second = await reader.say("what are connects? and how do I withdraw my earnings?")
    was = second.text

    changed = await reader.edit("what are connects?")

    assert first.text.startswith("What Connects are")
    assert was.startswith("Withdrawing")
    assert [one.message_id for one in changed] == [second.message_id]
    assert second.text.startswith("You changed your question")


async def test_an_edit_into_a_command_runs_the_command(reader: Conversation) -> None:
    await reader.say("/topisc")

    [topics] = await reader.edit("/topics")

    assert "Getting Started" in topics.labels


async def test_an_edit_of_small_talk_into_a_question_is_answered(reader: Conversation) -> None:
    await reader.say("hello")

    [answer] = await reader.edit("what are connects?")

    assert answer.text.startswith("What Connects are")


async def test_an_edit_without_text_is_ignored(reader: Conversation) -> None:
    await reader.message(location={"latitude": 1.0, "longitude": 2.0, "live_period": 900})
    moved = {"latitude": 1.1, "longitude": 2.0, "live_period": 900}
    edited = reader._message(location=moved) | {"edit_date": 1}

    assert await reader._receive({"edited_message": edited}) == []


async def test_a_follow_up_question_refers_to_the_last_answer(reader: Conversation) -> None:
    await reader.say("how do I get all 40 connects?")

    [answer] = await reader.say("and on premium?")

    assert answer.text.startswith("Connects on a paid plan")


async def test_after_a_while_a_follow_up_refers_to_nothing(
    reader: Conversation, library: Scene
) -> None:
    await reader.say("how do I get all 40 connects?")
    await library.wait(minutes=31)

    [answer] = await reader.say("and why?")

    assert not answer.text.startswith("Unlock all")
