"""Somebody edits an article while the bot runs; the next answer is the edited one."""

import logging
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.app import running
from tests.support.emulator import Messenger, until
from tests.support.scenes import few_articles, settings_for

BUTTON = "a:verify-phone-number"
SAYING = "An automated call comes"


async def shown(messenger: Messenger) -> str:
    """The article, as a press on its button shows it now."""
    count = len(messenger.said)
    await messenger.press(BUTTON)
    await until(lambda: len(messenger.said) > count)
    return str(messenger.said[-1]["text"])


async def test_a_valid_edit_is_shown_at_once_and_an_invalid_one_is_not(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.articles.catalogue")
    articles = few_articles(tmp_path / "articles")
    path = articles / "en" / "verify-phone-number.md"
    text = path.read_text(encoding="utf-8")
    messenger, quiet = Messenger(), {"public_url": None, "api_tokens": (), "voice": "none"}
    async with TestServer(messenger.app()) as server:
        url = f"http://127.0.0.1:{server.port}"
        async with running(settings_for(sqlite_url, telegram_api=url, articles=articles, **quiet)):
            before = await shown(messenger)
            path.write_text(text.replace(SAYING, "It rings."), encoding="utf-8")
            await until(lambda: len(caplog.messages) == 1)
            edited = await shown(messenger)
            path.write_text(text.replace("title:", "titel:"), encoding="utf-8")
            await until(lambda: len(caplog.messages) == 3)
            kept = await shown(messenger)
            path.write_text(text, encoding="utf-8")
            await until(lambda: len(caplog.messages) == 4)
            mended = await shown(messenger)

    assert SAYING in before
    assert "It rings." in edited
    assert kept == edited
    assert mended == before
    assert [one.partition(f" {path}:")[2] for one in caplog.messages] == [
        "",
        "2: title: Field required",
        "3: titel: Extra inputs are not permitted",
        "",
    ]


async def test_an_edit_beside_an_unreadable_file_is_shown_once_that_is_resolved(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.articles.catalogue")
    articles = few_articles(tmp_path / "articles")
    path, beside = (articles / "en" / f"{name}.md" for name in ("verify-phone-number", "copy"))
    lock = articles / "en" / ".#verify-phone-number.md"
    text = path.read_text(encoding="utf-8")
    messenger, quiet = Messenger(), {"public_url": None, "api_tokens": (), "voice": "none"}
    async with TestServer(messenger.app()) as server:
        url = f"http://127.0.0.1:{server.port}"
        async with running(settings_for(sqlite_url, telegram_api=url, articles=articles, **quiet)):
            lock.symlink_to("me@host.1234:99")
            path.write_text(text.replace(SAYING, "It rings."), encoding="utf-8")
            await until(lambda: len(caplog.messages) == 1)
            locked = await shown(messenger)
            beside.symlink_to("nowhere")
            path.write_text(text.replace(SAYING, "It hums."), encoding="utf-8")
            await until(lambda: len(caplog.messages) == 2)
            beside.unlink()
            await until(lambda: len(caplog.messages) == 3)
            alone = await shown(messenger)

    assert "It rings." in locked
    assert "It hums." in alone
    fault = f"{beside}:1: can't be read: No such file or directory"
    assert caplog.messages == [
        "the edited articles are taken up",
        f"the edited articles are not taken up: {fault}",
        "the edited articles are taken up",
    ]
