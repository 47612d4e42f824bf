"""A start, a slow line, a busy Telegram, a blocked bot, an end: the page says how things are."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import START, Screen, demo

pytestmark = pytest.mark.browser

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}


async def test_the_page_is_served_before_the_bot_and_shows_its_end(chrome: Browser) -> None:
    page = await chrome.new_page()
    status = page.get_by_test_id("bot-status")
    screen = Screen(page)

    with demo() as address:
        await page.goto(f"{address}/#f-1001")
        await expect(status).to_have_text("the bot is starting…")
        await expect(page.get_by_test_id("link-button")).to_be_disabled()
        await screen.say("what are connects")
        await expect(status).to_have_text("bot", timeout=START * 1000)
        await screen.reads("What Connects are")

    await expect(status).to_contain_text("no connection to the demo")
    await expect(page.get_by_test_id("link-button")).to_be_disabled()


@pytest.fixture
async def maya(open_screen: OpenScreen, address: str) -> AsyncIterator[Screen]:
    """Somebody new whose Telegram is busy, at the latest until the test is over."""
    screen = await open_screen("f-1013")
    await screen.more("telegram-busy")
    yield screen
    await screen.page.request.post(f"{address}/world/telegram-busy", data={"busy": False})


async def test_a_busy_telegram_only_delays_the_answer(maya: Screen) -> None:
    await expect(maya.page.get_by_test_id("bot-status")).to_contain_text("Telegram is busy")
    await maya.say("what are connects")
    await expect(maya.page.get_by_test_id("message")).to_have_count(1)

    await maya.more("telegram-busy")

    await maya.reads("What Connects are")
    await expect(maya.replies).to_have_count(1)


async def test_a_person_who_blocked_the_bot_is_told_and_can_unblock_it(
    open_screen: OpenScreen,
) -> None:
    person = await open_screen("f-1004")
    await person.link()

    await person.more("block")

    await expect(person.page.get_by_text("You blocked the bot")).to_be_visible()
    await expect(person.page.get_by_test_id("chat-input")).to_be_hidden()
    await person.page.get_by_test_id("unblock").click()
    await person.say("/connects")
    await person.reads("everything is done")


async def test_a_slow_connection_works(chrome: Browser, address: str) -> None:
    page = await chrome.new_page()
    line = await page.context.new_cdp_session(page)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", SLOW)
    person = Screen(page)

    await person.open(address, "f-1005")
    await person.link()
    await person.say("/connects")

    await person.reads("10 of 40 Connects a month")
