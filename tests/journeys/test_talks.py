"""A freelancer and a person of the desk, as the freelancer sees it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from state.model.ticket import HandOver, Ticket
from tests.support.chat import ADA, BEN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

NOTHING = "what is the weather like in Lisbon?"


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url,
        folder=tmp_path,
        staff_chat_id=GROUP,
        send_rate_group=0,
        office_hours="mon-fri 09:00-17:00",
        office_answer_minutes=30,
    ) as scene:
        yield scene


async def ticket_of(ada: Conversation) -> Ticket:
    database = ada.scene.parts.desk.database
    ticket = await database.read(lambda unit: unit.tickets.last(ada.chat))  # type: ignore[arg-type]
    assert ticket is not None
    return ticket


async def test_a_request_for_a_person_is_confirmed_with_the_expected_time_of_an_answer(
    ada: Conversation,
) -> None:
    [waiting] = await ada.say("/human")

    assert "The team has your request" in waiting.text
    assert "You can expect an answer by 23 Nov 2026, 12:30 UTC" in waiting.text
    assert waiting.moments == [int(ada.scene.clock.moment.timestamp()) + 1800]
    assert waiting.labels == ["Back to the bot"]


async def test_another_persons_contact_is_passed_on_to_staff(ada: Conversation) -> None:
    await ada.say("/human")

    shown = await ada.share_contact("+447911123456", owner=BEN)

    assert "I can only take your own contact" not in ada.text
    assert [method for method, _ in ada.scene.telegram.calls].count("copyMessage") == 1
    assert "That went to the team" in shown[0].text


@pytest.mark.parametrize("words", ["agent please", "let me talk to a person", "OPERATOR!"])
async def test_a_plain_request_opens_a_conversation(ada: Conversation, words: str) -> None:
    [waiting] = await ada.say(words)

    assert "The team has your request" in waiting.text


async def test_a_plain_request_during_a_verification_opens_a_conversation(
    ada: Conversation,
) -> None:
    await ada.link()
    await ada.be_called()

    shown = await ada.say("let me talk to a real person")

    assert "The team has your request" in shown[-1].text
    assert (await ticket_of(ada)).freelancer_id == f"f-{ADA}"


async def test_a_plain_request_while_a_number_is_awaited_opens_a_conversation(
    ada: Conversation,
) -> None:
    await ada.link(phone=None)
    await ada.say("/verify")
    await ada.press("Use another number")

    [waiting] = await ada.say("agent")

    assert "The team has your request" in waiting.text


async def test_messages_of_a_waiting_conversation_go_to_staff_and_are_confirmed_once(
    ada: Conversation,
) -> None:
    await ada.say("/human")

    [told] = await ada.say("how do I verify my phone?")
    silence = await ada.say("are you there?")

    assert "That went to the team" in told.text
    assert silence == []
    words = [shown.text for shown in ada.scene.staff().messages]
    assert words[1:] == ["how do I verify my phone?", "are you there?"]


async def test_while_staff_hold_the_conversation_the_bot_is_silent_and_commands_work(
    ada: Conversation,
) -> None:
    await ada.say("/human")
    await ada.scene.staff().say("Hello, I am Ann.")

    silence = await ada.say("how do I verify my phone?")
    [topics] = await ada.say("/topics")

    assert [shown.text.split("\n")[0] for shown in ada.messages[1:3]] == [
        "Ann is with you now",
        "Hello, I am Ann.",
    ]
    assert silence == []
    assert "Talk to a person" in topics.labels


async def test_a_verification_code_is_never_passed_on(ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()
    await ada.say("/human")

    await ada.say("123456")
    await ada.say("12345")

    assert [shown.text for shown in ada.scene.staff().messages][1:] == []


@pytest.mark.parametrize("way", ["/bot", "Back to the bot"])
async def test_the_freelancer_can_return_to_the_bot_at_any_time(
    ada: Conversation, way: str
) -> None:
    await ada.say("/human")
    await ada.scene.staff().say("Hello")

    [back] = await (ada.say(way) if way.startswith("/") else ada.press(way))
    answer = await ada.say("how do I verify my phone?")

    assert "You're back with me" in back.text
    assert "Verifying your phone number" in answer[0].text
    assert "They went back to the bot." in ada.scene.staff().last.text


async def test_returning_to_the_bot_outside_a_conversation_says_that_there_is_none(
    ada: Conversation,
) -> None:
    [told] = await ada.say("/bot")

    assert "You're talking with the bot already" in told.text


async def test_a_closed_conversation_asks_whether_the_problem_is_solved(ada: Conversation) -> None:
    await ada.say("/human")
    await ada.scene.staff().say("/close")

    over = ada.last
    [thanks] = await ada.press("Yes, it is solved")

    assert "The talk is over, ticket 1" in over.text
    assert "Good to hear" in thanks.text
    assert (await ticket_of(ada)).solved is True
    assert "Solved, says the freelancer." in ada.scene.staff().messages[0].text


async def test_an_unsolved_conversation_is_reopened_and_counted(ada: Conversation) -> None:
    await ada.say("/human")
    await ada.scene.staff().say("/close")

    [again] = await ada.press("No, not yet")

    assert "You're in the line for a person" in again.text
    ticket = await ticket_of(ada)
    assert (ticket.id, ticket.reopened) == (1, 1)
    assert ada.scene.telegram.forum.made == 1


async def test_after_three_days_a_new_conversation_is_opened(ada: Conversation) -> None:
    await ada.say("/human")
    await ada.scene.staff().say("/close")
    await ada.scene.wait(hours=73)

    await ada.say("/human")

    ticket = await ticket_of(ada)
    assert (ticket.id, ticket.reopened) == (2, 0)
    assert ada.scene.telegram.forum.made == 1


async def test_asking_again_while_waiting_says_so(ada: Conversation) -> None:
    await ada.say("/human")

    [again] = await ada.say("/human")
    await ada.scene.staff().say("Hello")
    [taken] = await ada.say("/human")

    assert "You're in the line for a person" in again.text
    assert "A person has your talk already, ticket 1" in taken.text


REASONS = [
    (NOTHING, HandOver.NO_ARTICLE),
    ("/help", HandOver.ASKED),
    ("/nonsense", HandOver.ASKED),
]


@pytest.mark.parametrize(("said", "reason"), REASONS)
async def test_the_button_determines_the_reason(
    ada: Conversation, said: str, reason: HandOver
) -> None:
    await ada.say(said)

    await ada.press("Talk to a person")

    assert (await ticket_of(ada)).reason is reason


async def test_an_answer_that_did_not_help_offers_a_person(ada: Conversation) -> None:
    await ada.say("how do I verify my phone?")
    await ada.press("It didn't help")

    await ada.press("Talk to a person")

    ticket = await ticket_of(ada)
    assert ticket.reason is HandOver.UNCLEAR
    assert [(one.slug, one.helpful) for one in ticket.asked] == [("verify-phone-number", False)]


async def test_a_locked_out_person_can_reach_staff(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    for _ in range(3):
        await phone.key(ada.wrong_code)

    await ada.press("Talk to a person")

    assert (await ticket_of(ada)).reason is HandOver.LOCKED_OUT
    assert "locked until" in ada.scene.staff().messages[0].text


async def test_a_button_of_an_earlier_version_works(ada: Conversation) -> None:
    [shown] = await ada.say("/topics")

    [waiting] = await ada.press_data(shown, "h")

    assert "The team has your request" in waiting.text


async def test_a_banned_person_is_told_why_and_still_gets_answers_of_the_bot(
    ada: Conversation,
) -> None:
    await ada.say("/human")
    await ada.scene.staff().say("/ban insults")

    banned = ada.last
    [refused] = await ada.say("agent please")
    answer = await ada.say("how do I verify my phone?")

    assert "Their reason: insults" in banned.text
    assert "Their reason: insults" in refused.text
    assert "Verifying your phone number" in answer[0].text


async def test_a_ban_can_be_lifted(ada: Conversation) -> None:
    await ada.say("/human")
    ann = ada.scene.staff()
    await ann.say("/ban insults")
    await ann.say("/unban")

    told = ada.last
    [waiting] = await ada.say("/human")

    assert "You can talk to a person here again" in told.text
    assert "You're in the line for a person" in waiting.text
