"""A person at the demo's page: what they read, type, press and hear, in a real Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20_000
"""Milliseconds until something on the page is given up."""
START = 60
"""Seconds until the demo has to be up; importing aiogram takes most of it."""
CODE = re.compile(r"Your code:\s*(\d{3} \d{3})")


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo() -> Iterator[str]:
    """A demo of its own, as `make demo` starts it; its address."""
    port = free_port()
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the demo did not come up at {address} (exit code {process.poll()})")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield started
        await started.close()


@dataclass(frozen=True, slots=True)
class Screen:
    """One tab with one of the sample people."""

    page: Page

    @property
    def replies(self) -> Locator:
        """What the bot said, oldest first."""
        return self.page.locator('[data-testid="message"][data-from="bot"]')

    async def open(self, address: str, person: str) -> None:
        self.page.set_default_timeout(PATIENCE)
        await self.page.goto(f"{address}/#{person}")
        ready = self.page.get_by_test_id("bot-status")
        await expect(ready).not_to_contain_text("starting", timeout=START * 1000)

    async def say(self, text: str) -> None:
        await self.page.get_by_test_id("chat-input").fill(text)
        await self.page.get_by_test_id("chat-send").click()

    async def press(self, label: str) -> None:
        """The newest inline button of that label."""
        button = self.page.get_by_test_id("inline-button").filter(has_text=label)
        await button.last.click()

    async def more(self, choice: str) -> None:
        """Choose from the menu at the head of the chat."""
        await self.page.get_by_label("More", exact=True).click()
        await self.page.get_by_test_id(choice).click()

    async def link(self) -> None:
        await self.page.get_by_test_id("link-button").click()
        await self.reads("Link this chat?")
        await self.press("Yes, link it")
        await self.reads("Linked.")

    async def reads(self, text: str) -> None:
        """The bot's newest message, now or in a moment."""
        await expect(self.replies.last).to_contain_text(text, timeout=PATIENCE)

    async def reads_somewhere(self, text: str) -> None:
        await expect(self.replies.filter(has_text=text).last).to_be_visible(timeout=PATIENCE)

    async def ask_for_call(self) -> None:
        await self.say("/verify")
        await self.reads("Is it right?")
        await self.press("Yes, call me now")
        await self.phone_is("ringing")

    async def phone_is(self, state: str) -> None:
        phone = self.page.get_by_test_id("phone")
        await expect(phone).to_have_attribute("data-state", state, timeout=PATIENCE)

    async def hears(self, words: str) -> None:
        prompt = self.page.get_by_test_id("phone-prompt")
        await expect(prompt).to_contain_text(words, timeout=PATIENCE)

    async def phone(self, button: str) -> None:
        await self.page.get_by_test_id(f"phone-{button}").click()

    async def keys(self, keys: str) -> None:
        names = {"#": "hash", "*": "star"}
        for key in keys:
            await self.page.get_by_test_id(f"key-{names.get(key, key)}").click()

    async def answer(self) -> None:
        """Pick up and press the hash key."""
        await self.phone("answer")
        await self.hears("press the hash key")
        await self.keys("#")
        await self.hears("6 digits")

    async def code(self) -> str:
        """The 6 digits that the chat shows now."""
        message = self.replies.filter(has_text=CODE).last
        await expect(message).to_be_visible(timeout=PATIENCE)
        found = CODE.search(await message.inner_text())
        assert found is not None
        return found[1].replace(" ", "")

    async def forward(self, step: str) -> None:
        await self.page.get_by_test_id(f"clock-{step}").click()


def another(code: str) -> str:
    """A code that is certainly wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
