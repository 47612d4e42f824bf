"""Talks: listed, read, answered, taken, let go, closed; and what is refused."""

import asyncio

import pytest

from state.model.chat import ChatId
from state.model.staff import Role, Staff
from state.model.ticket import Content, HandOver, MessageContent, TicketId
from state.ports import UnitOfWork
from state.usecases.tickets.open import Opened
from tests.bot.web.staff.browser import ADMIN, AGENT, LEAD, Browser
from tests.support.builders import a_snapshot
from tests.support.chat import Scene

CHAT = ChatId(1001)
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">\'"&{{ 7*7 }}'


async def open_talk(scene: Scene, *said: str, reason: HandOver = HandOver.ASKED) -> TicketId:
    desk = scene.parts.desk

    async def work(unit: UnitOfWork) -> TicketId:
        use = desk.use_cases(unit)
        opened = await use.open_ticket(CHAT, reason, caller="Ada Moreau", language="en")
        assert isinstance(opened, Opened)
        for number, words in enumerate(said):
            await use.relay_from_freelancer(
                CHAT, MessageContent(text=words, message_id=9000 + number)
            )
        return opened.ticket.id

    return await desk.database.transact(work)


async def test_an_empty_list_says_so(browser: Browser) -> None:
    await browser.sign_in(AGENT)

    assert "Nobody is waiting." in (await browser.open("/staff/talks")).text


async def test_waiting_conversations_are_listed_with_reason_and_first_message(
    browser: Browser, desk: Scene
) -> None:
    await open_talk(desk, "Where are my Connects?", reason=HandOver.LOCKED_OUT)
    desk.clock.forward(minutes=5)
    await browser.sign_in(AGENT)

    text = (await browser.open("/staff/talks")).text

    assert "Waiting (1)" in text
    assert "Ada M. Locked out Where are my Connects? Waiting for 5 minutes" in text
    assert "Moreau" not in text


async def test_a_reply_takes_the_conversation_and_is_stored(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk, "Where are my Connects?")
    await browser.sign_in(AGENT)

    sent = await browser.send(f"/staff/talks/{talk}/reply", text="They come on the 1st.")

    text = (await browser.open(sent.headers["Location"])).text
    assert sent.status == 303
    assert "Where are my Connects?" in text
    assert "They come on the 1st." in text
    assert "Taken by you." in text


async def test_a_reply_is_cut_at_the_browsers_limit(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)

    longest = "a\n" * 1500 + "😀" * 500
    await browser.send(f"/staff/talks/{talk}/reply", text=longest.replace("\n", "\r\n") + "😀")

    [said] = await desk.parts.desk.database.transact(lambda unit: unit.talks.of(talk))
    assert said.text == longest


async def test_a_reply_sent_by_script_returns_no_whole_page(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)
    await browser.script(f"/staff/talks/{talk}/reply", text="Hello.")

    other = Browser(scene=desk)
    await other.sign_in(LEAD)
    refused = await other.script(f"/staff/talks/{talk}/reply", text="Me too.")

    assert refused.status == 409
    assert refused.text.startswith("Nothing was done: somebody else has taken this talk.")
    assert "<html" not in refused.html


async def test_a_conversation_held_by_another_member_is_answered_only_after_taking_it_over(
    browser: Browser, desk: Scene
) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)
    await browser.send(f"/staff/talks/{talk}/take")
    await browser.sign_in(LEAD)

    refused = await browser.send(f"/staff/talks/{talk}/reply", text="Hello.")
    await browser.send(f"/staff/talks/{talk}/take", over="yes")
    sent = await browser.send(f"/staff/talks/{talk}/reply", text="Hello.")

    assert (refused.status, sent.status) == (409, 303)
    assert "somebody else has taken this talk" in refused.text


@pytest.mark.parametrize("act", ["release", "close"])
async def test_agents_release_only_their_own_conversations(
    browser: Browser, desk: Scene, act: str
) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(LEAD)
    await browser.send(f"/staff/talks/{talk}/take")
    await browser.sign_in(AGENT)

    refused = await browser.send(f"/staff/talks/{talk}/{act}")
    await browser.sign_in(LEAD)
    done = await browser.send(f"/staff/talks/{talk}/{act}")

    assert (refused.status, done.status) == (409, 303)


async def test_two_members_taking_a_conversation_at_once_do_not_both_get_it(desk: Scene) -> None:
    talk = await open_talk(desk)
    parts = desk.parts.desk

    async def take(who: Staff) -> object:
        return await parts.database.transact(
            lambda unit: parts.use_cases(unit).take_ticket(talk, who)
        )

    people = [Staff(id=AGENT, role=Role.AGENT), Staff(id=LEAD, role=Role.LEAD)]
    outcomes = await asyncio.gather(*map(take, people))

    assert sorted(type(one).__name__ for one in outcomes) == ["HeldByOther", "Ticket"]


async def test_a_note_is_visible_only_to_staff(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)

    await browser.send(f"/staff/talks/{talk}/note", text="Calls from abroad.")

    assert (
        "Notes, for staff alone Calls from abroad."
        in (await browser.open(f"/staff/talks/{talk}")).text
    )


async def test_a_ban_needs_a_reason_and_can_be_lifted(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)

    without = await browser.send(f"/staff/talks/{talk}/ban", reason=" ")
    await browser.send(f"/staff/talks/{talk}/ban", reason="Insults")
    banned = await browser.open(f"/staff/talks/{talk}")
    await browser.send(f"/staff/talks/{talk}/unban")
    lifted = await browser.open(f"/staff/talks/{talk}")

    assert "give a reason" in without.text
    assert ": Insults" in banned.text
    assert ": Insults" not in lifted.text


@pytest.mark.parametrize("path", ["", "/lines", "/state"])
async def test_an_unknown_conversation_is_a_404_page(browser: Browser, path: str) -> None:
    await browser.sign_in(AGENT)

    seen = await browser.open(f"/staff/talks/999{path}")

    assert seen.status == 404
    assert "There is no such talk" in seen.text


async def test_an_empty_reply_is_not_sent(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)

    seen = await browser.send(f"/staff/talks/{talk}/reply", text=" \n ")

    assert seen.status == 409
    assert "write something first" in seen.text


async def test_html_in_messages_is_escaped(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk, HOSTILE)
    await browser.sign_in(ADMIN)
    await browser.send(f"/staff/talks/{talk}/reply", text=HOSTILE)
    await browser.send(f"/staff/talks/{talk}/note", text=HOSTILE)

    pages = [
        await browser.open(path)
        for path in (f"/staff/talks/{talk}", "/staff/talks", "/staff/audit")
    ]

    assert pages[0].html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
    assert [one for one in pages if "<script>alert" in one.html or "<img src=x" in one.html] == []
    assert "{{ 7*7 }}" in pages[0].text


async def test_only_the_messages_after_a_given_one_are_returned(
    browser: Browser, desk: Scene
) -> None:
    talk = await open_talk(desk, "one", "two", "three")
    await browser.sign_in(AGENT)

    part = await browser.open(f"/staff/talks/{talk}/lines?after=2")

    assert "three" in part.text
    assert "two" not in part.text
    assert "after=3" in part.html


async def test_a_photo_is_shown_by_name_with_its_caption(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    parts = desk.parts.desk
    photo = MessageContent(content=Content.PHOTO, text="my screen", file_id="f", message_id=9100)
    await parts.database.transact(
        lambda unit: parts.use_cases(unit).relay_from_freelancer(CHAT, photo)
    )
    await browser.sign_in(AGENT)

    text = (await browser.open(f"/staff/talks/{talk}")).text

    assert "photo to be seen in the staff group my screen" in text


async def test_an_article_is_sent_by_its_slug_and_an_unknown_slug_refused(
    browser: Browser, desk: Scene
) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)

    await browser.send(f"/staff/talks/{talk}/article", slug="verify-phone-number")
    gone = await browser.send(f"/staff/talks/{talk}/article", slug="nonsense")

    text = (await browser.open(f"/staff/talks/{talk}")).text
    assert "A verified number on record unlocks 10 Connects" in text
    assert (gone.status, "no such article" in gone.text) == (404, True)


async def test_conversations_of_a_former_account_show_no_facts_and_allow_no_actions(
    browser: Browser, desk: Scene
) -> None:
    """The chat was Ada's when the talk began, and is Ben's now."""
    chat = desk.person(CHAT)
    await chat.link(display_name="Ada Moreau", completeness=79.6)
    talk = await open_talk(desk, "Ada's words")
    await desk.push(a_snapshot(1002, desk.clock.now(), display_name="Ben Nevis", completeness=10))
    await chat.accept_link("f-1002")
    await browser.sign_in(AGENT)
    acts: dict[str, dict[str, str]] = {
        "take": {"over": "yes"},
        "note": {"text": "about Ben"},
        "article": {"slug": "reach-80-percent-profile"},
    }
    seen = {act: await browser.send(f"/staff/talks/{talk}/{act}", **acts[act]) for act in acts}

    page = (await browser.open(f"/staff/talks/{talk}")).text
    assert {act: one.status for act, one in seen.items()} == dict.fromkeys(acts, 409)
    assert "this talk ended when the chat was parted from its account" in seen["take"].text
    assert [fact for fact in ("Ben", "10 %", "79.6") if fact in page] == []
    assert "79.6" not in chat.text


async def test_the_list_links_to_the_chats_current_account(browser: Browser, desk: Scene) -> None:
    talk = await open_talk(desk)
    await desk.person(CHAT).link(display_name="Ada Moreau")
    await browser.sign_in(AGENT)

    seen = await browser.open("/staff/talks")
    packet = await browser.open(f"/staff/talks/{talk}")

    assert "Ada M." in seen.text
    assert "/staff/freelancers/f-1001" in seen.html + packet.html


@pytest.mark.parametrize("act", ["close", "release", "ban"])
async def test_an_agent_cannot_close_a_conversation_just_taken_over(
    browser: Browser, desk: Scene, act: str
) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(LEAD)
    await browser.send(f"/staff/talks/{talk}/take")
    await browser.sign_in(AGENT)
    await browser.send(f"/staff/talks/{talk}/take", over="yes")

    refused = await browser.send(f"/staff/talks/{talk}/{act}", reason="x")
    await browser.send(f"/staff/talks/{talk}/reply", text="Hello.")
    done = await browser.send(f"/staff/talks/{talk}/{act}", reason="x")

    assert (refused.status, done.status) == (409, 303)
    assert "you took this talk over. Answer first" in refused.text
