"""A demo and a browser, or one clear line where there is no Chromium.

Starting the bot is what takes time, so the demo is shared: a person who is called in one test is
not called in another (there is a pause between calls), and whoever is written to links first.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import TypeAlias

import pytest
from playwright.async_api import Browser

from tests.browser.screen import Screen, browser, chromium, demo

OpenScreen: TypeAlias = Callable[..., Awaitable[Screen]]
NO_CHROMIUM = "no Chromium here: the pages are not tested in a browser"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let all tests that miss Chromium be skipped in one place, so that they are one line."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and NO_CHROMIUM in report.longrepr[2]:
        report.longrepr = (__file__, 1, report.longrepr[2])
    return report


@pytest.fixture(scope="session")
def _chromium() -> None:
    if chromium() is not None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(NO_CHROMIUM)
    pytest.skip(NO_CHROMIUM)


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
