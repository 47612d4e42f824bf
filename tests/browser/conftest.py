"""A demo and a browser, or one clear line where there is no Chromium.

Starting the bot is what takes time, so the demo is shared: a person who is called in one test is
not called in another (there is a pause between calls), and whoever is written to links first.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.async_api import Browser

from tests.browser.screen import Screen, browser, chromium, demo

OpenScreen: TypeAlias = Callable[..., Awaitable[Screen]]


@pytest.fixture(scope="session")
def _chromium() -> None:
    if chromium() is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here: the pages are not tested in a browser")


@pytest.fixture(scope="session")
def address(_chromium: None) -> Iterator[str]:
    with demo() as started:
        yield started


@pytest.fixture
async def chrome(_chromium: None) -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest.fixture
def open_screen(chrome: Browser, address: str) -> OpenScreen:
    """A tab of its own for a person; `phone` gives it the size and the touch of one."""

    async def open_one(person: str, *, phone: bool = False) -> Screen:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        context = await chrome.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=phone,
            timezone_id="Europe/Berlin",
            locale="en-GB",
        )
        screen = Screen(await context.new_page())
        await screen.open(address, person)
        return screen

    return open_one
