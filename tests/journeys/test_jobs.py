"""The desk's own jobs, asked for in words: they do what their commands and buttons do."""

from pathlib import Path

import pytest

from knowledge.library.loader import shipped_folder
from tests.support.chat import ADA, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

AS_COMMANDS = [
    ("what is left for me?", "/connects"),
    ("am i done?", "/connects"),
    ("my connects", "/connects"),
    ("verify my number please", "/verify"),
    ("what do you know about me", "/privacy"),
    ("please delete my data", "/forget"),
    ("do you send reminders?", "/nudges"),
    ("i want to talk to a real person", "/human"),
    ("cancel that", "/cancel"),
    ("go back", "/topics"),
    ("start over", "/start"),
    ("unlink me", "/unlink"),
]
IN_LANGUAGES = [
    ("qué me falta", "es"),
    ("o que falta pra mim", "pt"),
    ("что мне осталось сделать", "ru"),
    ("що мені залишилося зробити", "uk"),
    ("मेरा क्या बाकी है", "hi"),
    ("kya baaki hai mera", "hi"),
]
ASK = "Use another number"


@pytest.mark.parametrize(("words", "command"), AS_COMMANDS)
async def test_words_do_what_the_command_does(
    ada: Conversation, ben: Conversation, words: str, command: str
) -> None:
    await ada.link()
    await ben.link()

    by_words = await ada.say(words)
    by_command = await ben.say(command)

    assert by_words
    assert [one.labels for one in by_words] == [one.labels for one in by_command]
    assert [one.text.split()[:2] for one in by_words] == [
        one.text.split()[:2] for one in by_command
    ]


@pytest.mark.parametrize(("words", "command"), AS_COMMANDS)
async def test_who_is_not_linked_hears_what_the_command_says(
    ada: Conversation, ben: Conversation, words: str, command: str
) -> None:
    by_words = await ada.say(words)
    by_command = await ben.say(command)

    assert by_words
    assert [one.labels for one in by_words] == [one.labels for one in by_command]


@pytest.mark.parametrize(("words", "language"), IN_LANGUAGES)
async def test_the_card_comes_in_any_language_and_at_once(
    ada: Conversation, words: str, language: str
) -> None:
    await ada.link(completeness=72.0)
    ada.language = language

    [card] = await ada.say(words)

    assert "72" in card.text


async def test_a_link_is_explained(ada: Conversation) -> None:
    [unlinked] = await ada.say("how do I connect this chat to my profile")
    await ada.link()
    [linked] = await ada.say("link my account")

    assert unlinked.text.startswith("I don't know your account yet")
    assert linked.text.startswith("This chat is linked to your account.")
    assert linked.labels == ["My Connects", "Verify my phone"]


async def test_data_is_sent_as_a_file(ada: Conversation) -> None:
    await ada.link()

    await ada.say("send me my data")

    assert ada.file["account"]


async def test_data_is_erased_only_after_a_button(ada: Conversation, scene: Scene) -> None:
    await ada.link()

    [asked] = await ada.say("forget everything you know about me")
    kept = await scene.stored_chat(ada)
    await ada.press("Yes, erase everything")

    assert asked.labels == ["No, keep it", "Yes, erase everything"]
    assert kept is not None
    assert await scene.stored_chat(ada) is None


async def test_reminders_are_switched_in_words(ada: Conversation, scene: Scene) -> None:
    await ada.link()

    [on] = await ada.say("remind me every week")
    wanted = await scene.stored_chat(ada)
    [off] = await ada.say("stop reminding me")
    unwanted = await scene.stored_chat(ada)

    assert on.text.startswith("Reminders are on")
    assert off.text.startswith("Reminders are off")
    assert wanted is not None
    assert wanted.nudge_at is not None
    assert unwanted is not None
    assert unwanted.nudge_at is None


@pytest.mark.parametrize("words", ["cancel", "go back", "отмена", "stop", "start over"])
async def test_a_number_that_is_awaited_can_be_cancelled_in_words(
    ada: Conversation, words: str
) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    stopped = await ada.say(words)
    [answer] = await ada.say("what are connects")

    assert stopped[0].text.startswith("Stopped.")
    assert "number to call" not in answer.text


async def test_a_person_can_be_asked_for_while_a_number_is_awaited(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    [waiting] = await ada.say("i want a person")

    assert waiting.labels == ["Back to the bot"]


async def test_a_number_and_a_code_are_no_words(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    kept = await ada.say("+1 202 555 0199")
    [code] = await ada.say("123456")

    assert "0199" in kept[0].text or "99" in kept[0].text
    assert code.text.startswith("That looks like a code.")


async def test_a_call_can_be_cancelled_in_words(ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()

    said = await ada.say("please stop the call")

    assert any(one.text.startswith("Stopped.") for one in said)


async def test_where_the_conversation_was_is_told(ada: Conversation) -> None:
    [nothing] = await ada.say("where was I?")
    await ada.say("what are connects")
    [last] = await ada.say("where were we")
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)
    [awaited] = await ada.say("continue")

    assert nothing.text.startswith("Nothing is waiting for you here. Type a question")
    assert last.labels[0].startswith("Read: ")
    assert awaited.text.startswith("I still wait for the number to call")


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("who runs this bot?", "I'm a bot, the help desk of"),
        ("are you a human?", "I'm a bot, the help desk of"),
        ("is it safe to give you the code", "I'm a bot, the help desk of"),
        ("do you speak spanish", "I write English only."),
    ],
)
async def test_questions_about_the_bot_are_answered(
    ada: Conversation, words: str, begins: str
) -> None:
    [answer] = await ada.say(words)

    assert answer.text.startswith(begins)


async def test_the_article_about_the_bot_tells_what_it_is(sqlite_url: str, tmp_path: Path) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path, articles=shipped_folder()) as scene:
        ada = scene.person(ADA)

        [article] = await ada.say("who is behind this chat?")

    assert article.text.startswith("What this bot is, and who runs it")


@pytest.mark.parametrize("words", ["cancel", "what is left for me", "delete my data"])
async def test_in_a_talk_words_go_to_the_person(ada: Conversation, words: str) -> None:
    await ada.say("/human")
    await ada.say("hello")

    assert await ada.say(words) == []


async def test_an_edited_question_becomes_a_job(ada: Conversation) -> None:
    await ada.link()
    [answer] = await ada.say("what are connects")

    changed = await ada.edit("show my progress")

    assert answer.text.startswith("You changed your question")
    assert "Read again" in changed[-1].labels


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("how do I verify my phone number", "Verif"),
        ("how do I cancel my membership", "cancel"),
        ("why was my account unlinked", ""),
    ],
)
async def test_a_question_about_a_subject_is_no_job(
    ada: Conversation, words: str, article: str
) -> None:
    await ada.link()

    [answer] = await ada.say(words)

    assert article in answer.text + "".join(answer.labels)
    assert not answer.text.startswith(("Stopped", "Done", "There is nothing to cancel"))


async def test_in_a_group_a_job_is_pointed_to_the_private_chat(scene: Scene) -> None:
    group = scene.person(ADA, chat=GROUP - 1)

    told = await group.say("@test_desk_bot what is left for me?")
    unasked = await group.say("what is left for me?")
    question = await group.say("@test_desk_bot what are connects")

    assert len(told) == 1
    assert (unasked, question) == ([], [])


async def test_inline_offers_nothing_for_a_job(ada: Conversation) -> None:
    offered = await ada.ask_inline("delete my data")

    assert offered["results"] == []


@pytest.mark.parametrize(
    ("job", "begins"),
    [
        ("link", "This chat is linked to your account."),
        ("unlink", "Done: this chat no longer sees your account."),
        ("privacy", "What I keep of you"),
        ("language", "I write English only."),
        ("dance", "That button"),
    ],
)
async def test_a_button_does_the_job(ada: Conversation, job: str, begins: str) -> None:
    await ada.link()

    [shown] = await ada.press_data(ada.last, f"j:{job}")

    assert shown.text.startswith(begins)
