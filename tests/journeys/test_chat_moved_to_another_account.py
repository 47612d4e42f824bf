"""A chat that is given to another account: its talk ends, and neither learns of the other."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import UnreachableError
from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.ticket import Closed, Ticket
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, ANN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

SHARED = ADA
"""The chat that was Ada's and is then Ben's."""
HER_NEW_CHAT = 2001
ADAS, BENS = "f-ada", "f-ben"
FACTS = ("79.6", "Ada")
ARTICLE = "reach-80-percent-profile"


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def knows(scene: Scene, freelancer: str, **more: Any) -> None:
    account = a_snapshot(1, scene.clock.now(), id=freelancer, **more)
    await scene.push(account)


@pytest_asyncio.fixture
async def shared(scene: Scene) -> Conversation:
    """Ada's chat, in which she talks with Ann."""
    await knows(scene, ADAS, display_name="Ada Lovelace", completeness=79.6)
    await knows(scene, BENS, display_name="Ben Nevis", completeness=10)
    chat = scene.person(SHARED)
    await chat.accept_link(ADAS)
    await chat.say("/human")
    await scene.staff(ANN).say("Hello Ada")
    return chat


async def given_to_ben(shared: Conversation) -> None:
    await shared.scene.person(HER_NEW_CHAT).accept_link(ADAS)
    await shared.accept_link(BENS)


async def last_ticket(scene: Scene, chat: int = SHARED) -> Ticket:
    look = scene.parts.desk.database.read
    ticket = await look(lambda unit: unit.tickets.last(ChatId(chat)))
    assert ticket is not None
    return ticket


async def erased(scene: Scene, freelancer: str) -> None:
    desk = scene.parts.desk
    await desk.database.transact(
        lambda unit: desk.use_cases(unit).forget_freelancer(FreelancerId(freelancer))
    )
    await scene.settle()


async def part_by_unlinking(shared: Conversation) -> None:
    await shared.say("/unlink")


async def part_by_moving(shared: Conversation) -> None:
    await shared.scene.person(HER_NEW_CHAT).accept_link(ADAS)


async def part_by_relinking(shared: Conversation) -> None:
    await shared.accept_link(BENS)


WAYS = {
    "unlinked": part_by_unlinking,
    "moved": part_by_moving,
    "relinked": part_by_relinking,
}


@pytest.mark.parametrize("part", WAYS.values(), ids=WAYS.keys())
async def test_moving_the_chat_to_another_account_ends_the_conversation_and_tells_both_sides(
    scene: Scene, shared: Conversation, part: Any
) -> None:
    await part(shared)

    ann = scene.staff(ANN)
    assert isinstance((await last_ticket(scene)).state, Closed)
    assert "This chat was parted from its account, so this talk is over." in ann.text
    assert "Your talk with a person is over" in shared.text
    assert scene.telegram.forum.closed == {ann.thread}


async def test_an_article_sent_by_staff_holds_no_fact_of_the_former_account(
    scene: Scene, shared: Conversation
) -> None:
    ann = scene.staff(ANN)
    await given_to_ben(shared)
    before = len(shared.messages)
    scene.telegram.forum.closed.clear()
    await ann.say(f"/a {ARTICLE}")
    refused = ann.last.text
    await shared.say("/human")
    await ann.say(f"/a {ARTICLE}")

    said = "\n".join(one.text for one in shared.messages[before:])
    assert "this talk is over" in refused
    assert "10%" in said
    assert [fact for fact in FACTS if fact in said] == []


async def test_the_new_account_gets_a_new_conversation_and_summary(
    scene: Scene, shared: Conversation
) -> None:
    former = await last_ticket(scene)
    await given_to_ben(shared)
    await shared.say("/human")

    ticket, ann = await last_ticket(scene), scene.staff(ANN)
    assert ticket.id != former.id
    assert ticket.freelancer_id == BENS
    assert scene.telegram.forum.names[ann.thread or 0] == f"Ben N. #{ticket.id}"
    assert "Ben N." in ann.last.text
    assert [fact for fact in FACTS if fact in ann.last.text] == []


async def test_questions_of_the_former_account_are_not_shown_in_the_new_conversation(
    scene: Scene, shared: Conversation
) -> None:
    await shared.say("/bot")
    await shared.say("what is the weather in Adastown?")
    await given_to_ben(shared)
    await shared.say("/human")
    await shared.say("/export")

    assert "Adastown" not in scene.staff(ANN).last.text
    assert shared.file["questions"] == []


@pytest.mark.parametrize("command", ["/take", "/take over", "/note about Ben"])
async def test_staff_can_do_nothing_more_in_the_former_conversation(
    scene: Scene, shared: Conversation, command: str
) -> None:
    ann = scene.staff(ANN)
    await given_to_ben(shared)
    scene.telegram.forum.closed.clear()  # admins may write into a closed one
    await ann.say(command)
    refused = ann.last.text
    await scene.person(HER_NEW_CHAT).say("/export")

    assert "this talk ended when the chat was parted from its account" in refused
    assert isinstance((await last_ticket(scene)).state, Closed)
    assert "about Ben" not in json.dumps(scene.person(HER_NEW_CHAT).file)


async def test_a_closed_conversation_is_not_reopened_by_the_new_account(
    scene: Scene, shared: Conversation
) -> None:
    await scene.staff(ANN).say("/close")
    former = await last_ticket(scene)
    await given_to_ben(shared)
    await shared.press("No, not yet")

    look = scene.parts.desk.database.read
    stored = await look(lambda unit: unit.tickets.get(former.id))
    assert (await last_ticket(scene)).id != former.id
    assert stored is not None
    assert (stored.solved, stored.reopened) == (None, 0)


async def test_a_delayed_reply_does_not_reach_the_new_account(
    scene: Scene, shared: Conversation
) -> None:
    """Committed while the chat was Ada's, and held back by an outage of Telegram."""
    scene.telegram.failing = {"copyMessage": UnreachableError("away")}
    ann = scene.staff(ANN)
    await ann.say("your balance is 31")
    await given_to_ben(shared)
    for _ in range(3):
        await scene.wait(seconds=30)

    assert "31" not in shared.text
    assert "This chat was parted from its account" in ann.last.text


async def test_a_ban_of_the_new_account_is_not_in_the_export_of_the_former(
    scene: Scene, shared: Conversation
) -> None:
    await given_to_ben(shared)
    await shared.say("/human")
    await shared.say("ben's own words")
    await scene.staff(ANN).say("/ban ben was rude")
    await shared.say("/export")
    hers = scene.person(HER_NEW_CHAT)
    await hers.say("/export")

    adas, bens = json.dumps(hers.file), json.dumps(shared.file)
    assert "ben was rude" in bens
    assert [one for one in ("ben was rude", "ben's own words") if one in adas] == []
    assert "Hello Ada" in adas
    assert "Hello Ada" not in bens


async def test_a_ban_of_the_former_account_is_not_in_the_export_of_the_new(
    scene: Scene, shared: Conversation
) -> None:
    await scene.staff(ANN).say("/ban ada was rude")
    await scene.wait(minutes=1)
    await given_to_ben(shared)
    await shared.say("/export")
    [refused] = await shared.say("/human")

    assert "ada was rude" not in json.dumps(shared.file)
    assert "You can't reach a person here" in refused.text


async def test_an_export_names_no_staff(scene: Scene, shared: Conversation) -> None:
    await scene.staff(ANN).say("/note sounds upset")
    await scene.staff(ANN).say("/ban rude")
    await shared.say("/export")

    history = shared.file["account"]["history"]
    by_staff = [
        line["by"] for line in history if line["what"] in {"ticket.taken", "ticket.banned"}
    ]
    assert by_staff == ["staff", "staff"]
    assert f"staff:{ANN}" not in json.dumps(shared.file)


async def test_an_erasure_includes_conversations_of_former_chats(
    scene: Scene, shared: Conversation
) -> None:
    await given_to_ben(shared)
    await erased(scene, ADAS)
    await shared.say("/export")

    assert shared.file["talks"] == []
    assert scene.telegram.forum.names == {}


async def test_linking_an_account_during_a_conversation_continues_it(scene: Scene) -> None:
    """Staff ask people to link: the talk is then about that account."""
    await knows(scene, BENS, display_name="Ben Nevis", completeness=10)
    chat = scene.person(SHARED)
    await chat.say("/human")
    ann = scene.staff(ANN)
    await ann.say("Please link your account")
    await chat.accept_link(BENS)
    await ann.say(f"/a {ARTICLE}")
    await ann.say("Thank you")

    ticket = await last_ticket(scene)
    assert (ticket.freelancer_id, ticket.reopened) == (BENS, 0)
    assert "10%" in chat.text
    assert chat.last.text == "Thank you"
    assert "Ben N." in ann.messages[0].text
