"""The shelf that is answered from: whole, and replaced by each good edit of its files."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.articles.catalogue import ArticleReloader, Lint
from bot.articles.lint import lint_of_edits
from bot.articles.marketplace import load_policy, load_templating
from bot.settings import SettingsError
from knowledge.model import Found
from tests.support.emulator import until
from tests.support.libraries import BREAD, TEA, folder
from tests.support.scenes import settings_for

PAUSE = 0.02
BETTER = TEA.replace("The leaves", "Good leaves").replace("how long does it steep", "steep time")
BROKEN = TEA.replace("title:", "titel:").replace("The leaves", "Bad leaves")
TAKEN_UP = "the edited articles are taken up"


@asynccontextmanager
async def watched(at: Path, lint: Lint = lambda _: ()) -> AsyncIterator[ArticleReloader]:
    """A shelf of the two articles in `at`, while it is looked after."""
    shelf = ArticleReloader(settings_for("sqlite+aiosqlite://", articles=folder(at)), lint)
    task = asyncio.create_task(shelf.watch(PAUSE))
    try:
        yield shelf
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def write(at: Path, text: str, name: str = "green-tea.md") -> None:
    (at / "en" / name).write_text(text, encoding="utf-8")


def more(shelf: ArticleReloader) -> str:
    """What is said of tea to those who want to read on."""
    article = shelf.content.library.article("green-tea", "en")
    return (article.more if article else None) or ""


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "bot.articles.catalogue")
    return caplog


async def test_an_edited_article_is_loaded_and_its_words_are_searchable(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as shelf:
        write(tmp_path, BETTER)
        await until(lambda: said.messages)
        answer = shelf.content.engine.ask("steep time", "en")

    assert said.messages == [TAKEN_UP]
    assert more(shelf) == "Good leaves can be used *again*."
    assert isinstance(answer, Found)
    assert answer.article is shelf.content.library.article("green-tea", "en")


async def test_an_invalid_edit_is_rejected_and_logged_once(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as shelf:
        before = shelf.content
        write(tmp_path, BROKEN)
        await until(lambda: said.messages)
        await asyncio.sleep(10 * PAUSE)
        kept = shelf.content

    path = tmp_path / "en" / "green-tea.md"
    refused = f"the edited articles are not taken up: {path}"
    assert kept is before
    assert said.messages == [
        f"{refused}:2: title: Field required",
        f"{refused}:3: titel: Extra inputs are not permitted",
    ]


async def test_an_edit_rejected_by_the_lint_is_not_loaded(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    settings = settings_for("sqlite+aiosqlite://", articles=tmp_path)
    lint = lint_of_edits(
        tmp_path, load_policy(settings), load_templating(settings, load_policy(settings))
    )
    async with watched(tmp_path, lint) as shelf:
        before = shelf.content
        write(tmp_path, BREAD.replace("Rye", "4 attempts. Rye") + "x" * 4096, "black-bread.md")
        await until(lambda: said.messages)
        kept = shelf.content

    path = tmp_path / "en" / "black-bread.md"
    refused = f"the edited articles are not taken up: {path}"
    assert kept is before
    assert [one.removeprefix(f"{refused}:22: ")[:18] for one in said.messages] == [
        "4 attempts is stat",
        "the message has 42",
        "the short part has",
    ]


async def test_a_rejected_edit_is_loaded_once_corrected(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as shelf:
        write(tmp_path, BROKEN)
        await until(lambda: said.messages)
        write(tmp_path, BETTER)
        await until(lambda: TAKEN_UP in said.messages)

    assert more(shelf) == "Good leaves can be used *again*."


async def test_a_file_still_being_written_is_loaded_only_when_complete(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as shelf:
        write(tmp_path, BETTER[:99])
        await asyncio.sleep(PAUSE / 2)
        write(tmp_path, BETTER)
        await until(lambda: said.messages)

    assert said.messages == [TAKEN_UP]
    assert more(shelf) == "Good leaves can be used *again*."


async def test_articles_appear_and_disappear_with_their_files(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as shelf:
        write(tmp_path, TEA.replace("  - black-bread\n", "").replace("related:", "related: []"))
        (tmp_path / "en" / "black-bread.md").unlink()
        await until(lambda: said.messages)

    assert [one.slug for one in shelf.content.library.articles("en")] == ["green-tea"]


async def test_an_unreadable_file_changes_nothing(
    tmp_path: Path, said: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as shelf:
        before = shelf.content
        (tmp_path / "en" / "folder.md").mkdir()
        await until(lambda: said.messages)

    fault = f"{tmp_path / 'en' / 'folder.md'}:1: can't be read: Is a directory"
    assert shelf.content is before
    assert [(one.levelno, one.getMessage()) for one in said.records] == [
        (logging.WARNING, f"the edited articles are not taken up: {fault}")
    ]


def test_invalid_articles_at_start_prevent_the_start(tmp_path: Path) -> None:
    broken = folder(tmp_path, {"green-tea.md": BROKEN})

    with pytest.raises(SettingsError, match=r"green-tea.md:2: title: Field required \(1 more"):
        ArticleReloader(settings_for("sqlite+aiosqlite://", articles=broken), lambda _: ())
