"""Takes the pictures of the documentation from a demo of its own.

`python docs/screenshots/take.py` in the top folder, with Chromium; they land beside this file.
"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, Page

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.browser.screen import Screen, another, browser, demo  # noqa: E402 - after the path
from tests.browser.test_staff_pages import sign_in  # noqa: E402 - as above

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
DAYS = (
    (("what happens to unused connects", "It helped"), ("can I sell my connects", "")),
    (
        ("how do I verify my phone number", "It helped"),
        ("how do I get to 80 percent", "It helped"),
    ),
    (("is there an app for watches", ""), ("how many connects does a proposal cost", "")),
)
"""What is asked on each day, and what is said of the answer."""


async def main() -> None:
    with demo() as address:
        async with browser() as chrome:
            ada = await _screen(chrome, address, "f-1001", phone=False)
            await _desktop(ada)
            ben = await _screen(chrome, address, "f-1002", phone=True)
            await _on_a_phone(ben)
            cora = await _screen(chrome, address, "f-1003", phone=False)
            await _with_staff(cora)
    with demo() as address:
        async with browser() as chrome:
            await _staff(chrome, address)


async def _screen(chrome: Browser, address: str, person: str, *, phone: bool) -> Screen:
    size = PHONE if phone else DESK
    context = await chrome.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=1,
        has_touch=phone,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    screen = Screen(await context.new_page())
    await screen.open(address, person)
    return screen


async def _desktop(ada: Screen) -> None:
    await ada.link()
    await ada.say("/connects")
    await ada.reads("Account read")
    await ada.ask_for_call()
    code = await ada.code()
    await _keep(ada, "call")
    # Back to what is left to do, beside the phone that rings.
    progress = ada.replies.filter(has_text="Account read")
    await progress.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
    await _keep(ada, "desktop")
    log = ada.page.get_by_test_id("chat-log")
    await log.evaluate("(log) => log.scrollTo(0, log.scrollHeight)")
    await ada.answer()
    await ada.keys(code)
    await ada.reads_somewhere("Verified:")
    await ada.hears("verified")
    await _keep(ada, "verified")


async def _on_a_phone(ben: Screen) -> None:
    await ben.link()
    await ben.say("how do i get my 40 connects")
    await ben.reads("Source:")
    await _keep(ben, "phone-answer")
    await ben.say("/connects")
    await ben.reads("Account read")
    await _keep(ben, "phone-progress")
    await ben.ask_for_call()
    await _keep(ben, "phone-ringing")  # it came into view by itself
    await ben.page.get_by_test_id("tab-chat").click()
    wrong = another(await ben.code())
    await ben.page.get_by_test_id("tab-phone").click()
    await ben.answer()
    for _ in range(3):
        await ben.keys(wrong)
        await ben.page.wait_for_timeout(700)
    await ben.page.get_by_test_id("tab-chat").click()
    await ben.reads("last try")
    await _keep(ben, "phone-locked")


async def _with_staff(cora: Screen) -> None:
    await cora.page.set_viewport_size({"width": 1800, "height": 900})
    await cora.link()
    await cora.say("what is the weather like in Lisbon?")
    await cora.reads("no article")
    await cora.press("Talk to a person")
    await cora.reads("The team has your request")
    await cora.say("I did all three steps, and it shows 20 Connects.")
    await cora.page.get_by_test_id("staff-message").filter(has_text="all three steps").wait_for()
    await cora.page.get_by_test_id("staff-input").fill("Hello, I am Ann. I will look at it.")
    await cora.page.get_by_test_id("staff-send").click()
    await cora.reads("I will look at it.")
    await _keep(cora, "staff")


async def _staff(chrome: Browser, address: str) -> None:
    """The staff's pages: on a phone what they answer with, on a desk how it went."""
    phone = await _signed_in(chrome, address, PHONE)
    pages = phone.url.removesuffix("/talks")
    mateos = phone.get_by_test_id("talk").filter(has_text="does not reach me abroad")
    await mateos.get_by_role("link").click(timeout=60_000)
    await phone.get_by_label("Reply to").fill("I look at it now.")
    await phone.get_by_role("button", name="Send", exact=True).click()
    await phone.get_by_test_id("line").filter(has_text="I look at it now.").wait_for()
    await _keep_page(phone, "staff-talk")
    await phone.goto(f"{pages}/gaps")
    await _keep_page(phone, "staff-gaps")
    await phone.get_by_role("button", name="Add to").first.click()
    await _keep_page(phone, "staff-proposal")
    ada = await _screen(chrome, address, "f-1001", phone=False)
    for questions in DAYS:
        for question, verdict in questions:
            await ada.say(question)
            await ada.page.wait_for_timeout(1200)
            if verdict:
                await ada.press(verdict)
                await ada.page.wait_for_timeout(600)
        await ada.forward("24h")
    desk = await _signed_in(chrome, address, DESK)
    await desk.goto(f"{pages}/figures?days=7")
    await _keep_page(desk, "staff-figures")


async def _signed_in(chrome: Browser, address: str, size: dict[str, int]) -> Page:
    context = await chrome.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = await context.new_page()
    await sign_in(page, address)
    await page.get_by_test_id("talk").filter(has_text="Mateo").wait_for(timeout=60_000)
    return page


async def _keep_page(page: Page, name: str) -> None:
    await page.wait_for_timeout(900)
    await page.screenshot(path=HERE / f"{name}.png")


async def _keep(screen: Screen, name: str) -> None:
    await screen.page.wait_for_timeout(900)  # pop-ups and fades are over by then
    await screen.page.screenshot(path=HERE / f"{name}.png")


asyncio.run(main())
