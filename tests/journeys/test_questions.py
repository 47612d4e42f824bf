"""Questions: found, unsure, nothing, and everything that is no question."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.presentation.telegram_html import plain
from knowledge.library.loader import shipped_folder
from tests.support.chat import ADA, Conversation
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def reader(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Conversation]:
    """Somebody in front of every shipped article."""
    async with opened_scene(sqlite_url, folder=tmp_path, articles=shipped_folder()) as scene:
        yield scene.person(ADA)


async def test_a_question_is_answered_with_source_and_follow_up_buttons(ada: Conversation) -> None:
    [answer] = await ada.say("how do I verify my phone number?")

    assert answer.text.startswith("Verifying your phone number")
    assert "Source: Elance help centre, article" in answer.text
    assert answer.labels[-2:] == ["Verify my phone", "More …"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("/Start", "/start"), ("/HELP", "/help"), ("/Help@Test_Desk_Bot", "/help")],
)
async def test_commands_are_case_insensitive(ada: Conversation, typed: str, meant: str) -> None:
    [expected] = await ada.say(meant)
    [shown] = await ada.say(typed)

    assert shown.text == expected.text


async def test_the_bots_own_inline_result_gets_no_answer(ada: Conversation) -> None:
    article = (await ada.ask_inline("how do I verify my phone number?"))["results"][0]
    via = {"id": 42, "is_bot": True, "first_name": "Desk", "username": "Test_Desk_Bot"}
    words = plain(article["input_message_content"]["message_text"])

    assert await ada.message(text=words, via_bot=via) == []
    assert await ada.message(text=words, via_bot={**via, "username": "another_bot"}) != []


async def test_an_unclear_question_offers_titles_to_tap(reader: Conversation) -> None:
    [unsure] = await reader.say("fees and connects")
    title = unsure.labels[0]

    [article] = await reader.press(title)

    assert "I'm not sure which of these you mean." in unsure.text
    assert 2 <= len(unsure.labels) - 2 <= 3
    assert article.text.startswith(title)


async def test_an_unanswered_question_offers_topics_an_article_or_a_person(
    reader: Conversation,
) -> None:
    [nothing] = await reader.say("what is the weather like in Lisbon <today>?")
    [topics] = await reader.press("Browse topics")
    [topic] = await reader.press("Verification")
    [article] = await reader.press("Verifying your phone number")
    [person] = await reader.press("Talk to a person")

    assert "I have no article that answers this" in nothing.text
    assert "what is the weather like in Lisbon <today>?" in nothing.text
    assert "Verification" in topics.labels
    assert "Tap one to read it." in topic.text
    assert article.text.startswith("Verifying your phone number")
    assert "go to Upwork support too." in person.text
    assert 'href="https://support.upwork.com"' in person.html


async def test_every_topic_has_articles(reader: Conversation) -> None:
    [topics] = await reader.say("/topics")

    opened = [(await reader.press(name))[0] for name in topics.labels[:-1]]

    assert [shown.text for shown in opened if len(shown.labels) < 2] == []


@pytest.mark.parametrize("data", ["a:no-such-article", "t:99", "t:x", "old:button", ""])
async def test_a_button_of_an_old_message_leads_to_the_topics(
    ada: Conversation, data: str
) -> None:
    [shown] = await ada.say("/topics")

    [gone] = await ada.press_data(shown, data)

    assert "That button is from an older message" in gone.text
    assert gone.labels == ["Browse topics", "Talk to a person"]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/help", "What you can do here"),
        ("/human", "Your request is kept for the people of this desk"),
        ("/cancel", "There is nothing to cancel."),
        ("/nonsense", "I don't know that command."),
        ("/connects@some_other_bot", "I don't know that command."),
        ("/verify", "I don't know your account yet"),
        ("/connects", "I don't know your account yet"),
        ("/connects@test_desk_bot", "I don't know your account yet"),
        ("12345", "That looks like a Telegram login code."),
        ("Login code: 12345. Do not give it to anyone!", "That looks like a Telegram login code."),
    ],
)
async def test_each_kind_of_non_question_has_its_reply(
    ada: Conversation, said: str, answered: str
) -> None:
    [shown] = await ada.say(said)

    assert answered in shown.text


async def test_a_picture_gets_a_request_for_text(ada: Conversation) -> None:
    photo = {"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}

    [shown] = await ada.message(photo=[photo])

    assert "I can only read words so far." in shown.text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("help", "What you can do here"),
        ("that didn't help", "I'm sorry, that missed the point."),
        ("this is bullshit", "I'm sorry this has been a nuisance."),
        ("\N{THUMBS UP SIGN}", "You're welcome."),
    ],
)
async def test_small_talk_gets_a_friendly_reply(
    ada: Conversation, said: str, answered: str
) -> None:
    [shown] = await ada.say(said)

    assert shown.text.startswith(answered)


async def test_of_two_questions_the_unanswered_one_is_named(reader: Conversation) -> None:
    known, unknown = await reader.say("what are connects? also what's the weather in Lisbon")

    assert known.text.startswith("What Connects are")
    assert unknown.text.startswith("I have no article that answers this")
    assert "what's the weather in Lisbon" in unknown.text
    assert "what are connects" not in unknown.text


@pytest.mark.parametrize("said", ["/start", "/topics"])
async def test_the_welcome_says_that_the_marketplace_has_closed(
    reader: Conversation, said: str
) -> None:
    [opening] = await reader.say(said)

    assert "Elance has closed." in opening.text
    assert "for help today, go to support.upwork.com." in opening.text


async def test_other_articles_have_no_notice_before_them(ada: Conversation) -> None:
    [opening] = await ada.say("/topics")

    assert opening.text == "Topics\n\nPick one, or just type your question."
