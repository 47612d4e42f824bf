"""The staff's side of the page: topics, the packet, answers both ways."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.audit import FAINT, OVERFLOW, UNNAMED
from tests.browser.conftest import OpenScreen
from tests.browser.screen import PATIENCE, Screen

pytestmark = pytest.mark.browser


def words(person: Screen) -> Locator:
    """What stands in the topic, newest last."""
    return person.page.get_by_test_id("staff-message")


async def call_for_a_person(person: Screen) -> None:
    await person.say("agent please")
    await person.reads("The team has your request")
    await person.page.get_by_test_id("tab-staff").click()
    await expect(words(person).last).to_contain_text("Why a person", timeout=PATIENCE)


async def answer(person: Screen, text: str) -> None:
    await person.page.get_by_test_id("staff-input").fill(text)
    await person.page.get_by_test_id("staff-send").click()


async def test_messages_reach_staff_and_replies_come_back(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1004")
    await person.link()
    await call_for_a_person(person)
    packet = words(person).last
    await expect(packet).to_contain_text("of 40 Connects a month")

    await person.say("my account is gone")
    await expect(words(person).last).to_contain_text("my account is gone", timeout=PATIENCE)
    await answer(person, "Which one?")
    await person.reads("Which one?")
    await answer(person, "/close")
    await person.reads("Is it solved?")
    await person.press("Yes, it is solved")

    await person.reads("Good to hear.")
    await expect(person.page.get_by_test_id("topic").last).to_contain_text("closed")
    assert await person.page.evaluate(UNNAMED) == []
    assert await person.page.evaluate(FAINT) == []


async def test_on_a_phone_the_staff_view_is_a_tab(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1005", phone=True)
    await call_for_a_person(person)

    await answer(person, "Hello, I am Ann.")
    badge = person.page.get_by_test_id("tab-chat")
    await expect(badge).to_contain_text("new", timeout=PATIENCE)
    sticks_out = await person.page.evaluate(OVERFLOW)
    await badge.click()

    await person.reads("Hello, I am Ann.")
    assert sticks_out <= 0


async def test_on_a_wide_screen_all_views_are_visible(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1012")
    await person.page.set_viewport_size({"width": 1800, "height": 900})

    for part in ("chat-log", "phone", "staff"):
        await expect(person.page.get_by_test_id(part)).to_be_visible()
    await expect(person.page.get_by_test_id("tab-staff")).to_be_hidden()
    assert await person.page.evaluate(FAINT) == []
    assert await person.page.evaluate(OVERFLOW) <= 0


async def test_a_person_who_is_not_staff_cannot_reply(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1007")
    await call_for_a_person(person)
    await person.page.get_by_test_id("member-picker").select_option("eve")

    await answer(person, "let me in")

    await expect(words(person).last).to_contain_text("Nothing was done", timeout=PATIENCE)
