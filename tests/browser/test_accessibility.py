"""What readers with other eyes, ears and hands need of the page."""

from typing import Literal

import pytest
from playwright.async_api import expect

from tests.browser.audit import FAINT, UNNAMED, tab_stops
from tests.browser.conftest import OpenScreen

pytestmark = pytest.mark.browser

STOPS = 20
"""As many as there are from the top of the page to the phone, in a linked chat."""


async def test_the_page_has_a_title_language_and_landmarks(open_screen: OpenScreen) -> None:
    page = (await open_screen("f-1012")).page

    await expect(page).to_have_title("Connects Desk, the demo")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("h1")).to_have_count(1)
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("main")).to_have_count(1)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_every_control_has_an_accessible_name(
    open_screen: OpenScreen, *, phone: bool
) -> None:
    person = await open_screen("f-1012", phone=phone)
    await person.link()

    unnamed = await person.page.evaluate(UNNAMED)

    assert unnamed == []
    await expect(person.page.get_by_role("combobox", name="You are")).to_be_visible()
    await expect(person.page.get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_has_sufficient_contrast(
    open_screen: OpenScreen, scheme: Literal["light", "dark"]
) -> None:
    person = await open_screen("f-1003")
    await person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await person.link()
    await person.say("how do i get all 40 connects")
    await person.reads("Source:")
    await person.say("/connects")
    await person.reads("Account read")

    faint = await person.page.evaluate(FAINT)

    assert faint == []


async def test_all_text_of_a_call_has_sufficient_contrast(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1011")
    await person.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    await person.link()
    await person.ask_for_call()
    ringing = await person.page.evaluate(FAINT)
    await person.phone("answer")
    await person.hears("press the hash key")

    talking = await person.page.evaluate(FAINT)
    await person.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    talking_in_the_dark = await person.page.evaluate(FAINT)

    assert ringing == []
    assert talking == []
    assert talking_in_the_dark == []


async def test_the_focus_is_always_visible(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1006")
    await person.link()
    await person.page.reload()  # from the top of the page again
    await person.reads("Linked.")

    stops = await tab_stops(person.page, STOPS)

    assert [stop for stop in stops if not stop["ringed"] or not stop["seen"]] == []
    assert "phone" in [stop["what"] for stop in stops]
