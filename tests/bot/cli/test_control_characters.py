"""Words of people that hold more than words: a terminal shows them and does not obey."""

import asyncio
from dataclasses import replace

import pytest

from bot.telemetry.plain_text import plain
from tests.bot.cli.terminal import ADA, PEPPERS, Terminal
from tests.bot.cli.test_gaps import NOTHING, fill

HOSTILE = "\x1b]0;owned\x07 \x1b[2J\x9b31m \u202eevil\r\x7f"


def unshown(text: str) -> list[str]:
    return [one for one in text if not one.isprintable() and one != "\n"]


def test_control_characters_in_a_missed_question_are_escaped(terminal: Terminal) -> None:
    terminal.run("db", "upgrade")
    url = f"sqlite+aiosqlite:///{terminal.folder / 'helpdesk.db'}"
    asyncio.run(fill(url, replace(NOTHING, words=HOSTILE)))

    said, as_json = terminal.run("gaps"), terminal.run("gaps", "--json")

    assert "owned" in said.out
    assert unshown(said.out + as_json.out) == []
    assert as_json.data["question"] == HOSTILE


def test_control_characters_in_a_name_and_a_reason_are_escaped(terminal: Terminal) -> None:
    terminal.run("import", terminal.snapshots(ADA | {"display_name": HOSTILE}))
    step = "photo"

    shown = [
        terminal.run("progress", "f-1001", peppers=PEPPERS),
        terminal.run("export", "f-1001", peppers=PEPPERS),
        terminal.run("correct", "f-1001", step, "--done", "--reason", HOSTILE, peppers=PEPPERS),
        terminal.run("progress", HOSTILE, peppers=PEPPERS),
        terminal.run("explain", "verification", HOSTILE, peppers=PEPPERS),
    ]

    assert "owned" in shown[1].out
    assert [unshown(one.out + one.err) for one in shown] == [[]] * len(shown)


def test_control_characters_in_an_article_are_escaped(terminal: Terminal) -> None:
    folder = terminal.folder / "articles" / "en"
    folder.mkdir(parents=True)
    (folder / "categories.yaml").write_text("- Help\n")
    (folder / "bad.md").write_text(f"---\ntitle: {HOSTILE!r}\nx{HOSTILE}: 1\n---\n")

    said = terminal.run("check", articles=str(terminal.folder / "articles"))

    assert said.code == 1
    assert unshown(said.out + said.err) == []


@pytest.mark.parametrize("harmless", ["ä ß é", "שלום", "👩‍👩‍👧", "a\tb\nc", "Ελλάδα"])
def test_ordinary_text_is_printed_unchanged(harmless: str) -> None:
    assert plain(harmless) == harmless
