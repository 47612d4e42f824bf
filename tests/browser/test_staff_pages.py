"""The staff's pages in a real browser: by thumb, by keyboard, and as a screen reader has them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.browser.audit import FAINT, OVERFLOW, UNNAMED, tab_stops
from tests.browser.conftest import OpenScreen
from tests.browser.screen import PATIENCE, START

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
PATHS = (
    "talks",
    "freelancers",
    "freelancers/f-1001",
    "gaps",
    "figures",
    "audit",
    "me",
    "members",
    "nothing-here",
)


async def sign_in(page: Page, address: str, who: str = "Ida") -> str:
    """As a newcomer to the demo would; the address of the pages."""
    page.set_default_timeout(PATIENCE)
    await page.goto(address)
    await page.locator("#chat[data-bot=ready]").wait_for(timeout=START * 1000)
    pages = await page.get_by_role("link", name="Staff pages").get_attribute("href")
    assert pages is not None
    await page.goto(pages)
    await page.get_by_role("link", name="Sign in with Telegram").click()
    await page.get_by_role("link", name=who).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Talks")
    return pages


@pytest_asyncio.fixture(params=["phone", "desk"])
async def staff(
    request: pytest.FixtureRequest, chrome: Browser, address: str
) -> AsyncIterator[tuple[Page, str]]:
    """A page of Ida's, who is an admin, and where the pages are."""
    on_phone = request.param == "phone"
    context = await chrome.new_context(
        viewport=PHONE if on_phone else DESK,  # type: ignore[arg-type]  # two numbers
        has_touch=on_phone,
        color_scheme="light" if on_phone else "dark",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    page = await context.new_page()
    yield page, await sign_in(page, address)
    await context.close()


async def faults(page: Page) -> list[str]:
    """What axe, and our own look at names, contrast and width, find wrong."""
    found = (await Axe().run(page)).response["violations"]
    serious = [one["id"] for one in found if one["impact"] in {"serious", "critical"}]
    faint, unnamed = await page.evaluate(FAINT), await page.evaluate(UNNAMED)
    too_wide = await page.evaluate(OVERFLOW)
    return [*serious, *faint, *unnamed, *(["too wide"] if too_wide > 0 else [])]


async def test_every_page_is_accessible(staff: tuple[Page, str]) -> None:
    page, pages = staff
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    found = {}
    for path in PATHS:
        await page.goto(f"{pages}/{path}")
        found[path] = await faults(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert errors == []


async def test_the_focus_is_always_visible(staff: tuple[Page, str]) -> None:
    page, pages = staff
    await page.goto(f"{pages}/freelancers/f-1001")

    stops = await tab_stops(page, 14)

    assert [stop for stop in stops if not stop["ringed"] or not stop["seen"]] == []


async def test_a_gap_is_turned_into_a_phrasing_by_keyboard(staff: tuple[Page, str]) -> None:
    page, pages = staff
    await page.goto(f"{pages}/gaps")
    await page.get_by_role("button", name="Add to").first.focus()

    await page.keyboard.press("Enter")

    await expect(page.get_by_text("As Telegram will show it")).to_be_visible()
    await expect(page.get_by_text("It passes helpdesk check")).to_be_visible()
    assert await faults(page) == []


async def test_a_correction_needs_a_reason_and_is_confirmed(staff: tuple[Page, str]) -> None:
    page, pages = staff
    await page.goto(f"{pages}/freelancers/f-1010")
    step = page.get_by_test_id("step-profile_80")
    await step.locator("summary").click()
    await step.get_by_label("Reason").fill("seen by Ida")

    await step.get_by_role("button").click()

    await expect(page.get_by_role("status").first).to_contain_text("Put right")
    await expect(page.get_by_text("profile_80: seen by Ida").first).to_be_visible()


async def test_after_signing_out_going_back_shows_no_page(staff: tuple[Page, str]) -> None:
    page, pages = staff
    await page.goto(f"{pages}/me")
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    await page.go_back()
    await page.reload()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert await faults(page) == []


async def test_agents_see_no_controls_they_may_not_use(
    chrome: Browser, address: str, open_screen: OpenScreen
) -> None:
    page = (await open_screen("f-1001")).page
    pages = await sign_in(page, address, "Bob")
    await page.goto(f"{pages}/freelancers/f-1001")

    await expect(page.get_by_text("Record it as done")).to_have_count(0)
    await expect(page.get_by_role("link", name="Audit")).to_have_count(0)


async def test_new_messages_appear_without_a_reload(staff: tuple[Page, str]) -> None:
    page, pages = staff
    await page.goto(f"{pages}/talks")
    mateos = page.get_by_test_id("talk").filter(has_text="Mateo")
    await mateos.get_by_role("link").click()
    mateos_words = page.get_by_test_id("line").filter(has_text="does not reach me abroad")
    await expect(mateos_words).to_have_count(1, timeout=PATIENCE)
    before = await page.get_by_test_id("line").count()

    await page.get_by_label("Reply to").fill("I look at it now.")
    await page.keyboard.press("Control+Enter")

    await expect(page.get_by_test_id("line")).to_have_count(before + 1, timeout=PATIENCE)
    await expect(page.get_by_label("Reply to")).to_have_value("")
    await expect(page.locator("#state")).to_contain_text("Taken by you.", timeout=PATIENCE)
    assert await faults(page) == []
