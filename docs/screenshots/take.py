"""Takes the pictures of the documentation from a demo of its own.

`python docs/screenshots/take.py` in the top folder, with Chromium; they land beside this file.
"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.browser.screen import Screen, another, browser, demo  # noqa: E402 - after the path

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


async def main() -> None:
    with demo() as address:
        async with browser() as chrome:
            ada = await _screen(chrome, address, "f-1001", phone=False)
            await _desktop(ada)
            ben = await _screen(chrome, address, "f-1002", phone=True)
            await _on_a_phone(ben)
            cora = await _screen(chrome, address, "f-1003", phone=False)
            await _with_staff(cora)


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


async def _keep(screen: Screen, name: str) -> None:
    await screen.page.wait_for_timeout(900)  # pop-ups and fades are over by then
    await screen.page.screenshot(path=HERE / f"{name}.png")


asyncio.run(main())
