"""The page on a phone, and without a mouse."""

import pytest
from playwright.async_api import expect

from tests.browser.audit import OVERFLOW
from tests.browser.conftest import OpenScreen

pytestmark = pytest.mark.browser


async def test_on_a_phone_a_ringing_call_is_one_tap_away(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1009", phone=True)
    await person.link()
    await person.say("/verify")
    await person.press("Yes, call me now")

    badge = person.page.get_by_test_id("tab-phone")
    await expect(badge).to_contain_text("ringing")
    await badge.click()

    await expect(person.page.get_by_test_id("phone-answer")).to_be_visible()
    assert await person.page.evaluate(OVERFLOW) <= 0


async def test_nothing_overflows_a_phone_screen(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1011", phone=True)
    await person.link()

    await person.say("/connects")
    await person.reads("Account read")

    headline = person.page.get_by_text("of 40 Connects a month").last
    await expect(headline).to_be_in_viewport()  # a tall message is read from its top
    assert await person.page.evaluate(OVERFLOW) <= 0


async def test_linking_and_calling_work_without_a_mouse(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1008")
    page = person.page
    await page.get_by_test_id("link-button").focus()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("inline-button").filter(has_text="Yes, link it").focus()
    await page.keyboard.press("Enter")
    await person.reads("Linked.")

    await page.get_by_test_id("chat-input").focus()
    await page.keyboard.type("/verify")
    await page.keyboard.press("Enter")
    await page.get_by_test_id("inline-button").filter(has_text="Yes, call me now").focus()
    await page.keyboard.press("Enter")
    await person.phone_is("ringing")
    code = await person.code()
    await page.get_by_test_id("phone-answer").focus()
    await page.keyboard.press("Enter")
    await person.hears("press the hash key")
    await page.get_by_test_id("phone").focus()
    await page.keyboard.press("#")
    await person.hears("6 digits")
    await page.keyboard.type(code)

    await person.hears("Your number is verified")
