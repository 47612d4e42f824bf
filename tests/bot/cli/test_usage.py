import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from bot import __version__
from tests.architecture.source import ROOT
from tests.bot.cli.terminal import Terminal


@pytest.mark.parametrize("arguments", [[], ["db"]])
def test_without_a_command_the_help_is_printed(bare: Terminal, arguments: list[str]) -> None:
    ended = bare.run(*arguments)

    assert (ended.code, ended.err) == (2, "")
    assert "Commands" in ended.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frob"], "No such command 'frob'. See helpdesk --help."),
        (["ask", "hello", "--frob"], "No such option: --frob. See helpdesk --help."),
        (["progress"], "Missing argument 'ID'. See helpdesk --help."),
        (["demo", "--port", "0"], "Invalid value for '--port': "),
        (["demo", "--port", "x"], "Invalid value for '--port': "),
        (["ask"], "give a question, or a file of them with --batch, one of the two."),
        (["ask", "hello", "--batch", "f"], "give a question, or a file of them with --batch"),
    ],
)
def test_a_usage_error_is_one_line_with_exit_code_2(
    bare: Terminal, arguments: list[str], said: str
) -> None:
    ended = bare.run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: {said}")


def test_the_version_is_printed(bare: Terminal) -> None:
    assert bare.run("--version").out == f"helpdesk {__version__}\n"


def test_a_traceback_is_printed_only_with_debug_in_any_position(bare: Terminal) -> None:
    broken = bare.file("helpdesk.db", "no database" * 100)

    quiet = bare.run("progress", "f-1001")

    assert "Traceback" not in quiet.err
    with pytest.raises(Exception, match="HELPDESK_DATABASE_URL"):
        bare.run("progress", "f-1001", "--debug")
    assert (bare.folder / broken).read_text() == "no database" * 100


def test_an_unexpected_error_is_one_line_without_values(desk: Terminal) -> None:
    with closing(sqlite3.connect(desk.folder / "helpdesk.db")) as database:
        database.execute("DROP TABLE completion")

    ended = desk.run("progress", "f-1001")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == ("helpdesk: no such table: completion (helpdesk --debug … shows where)\n")


def test_a_closed_output_pipe_causes_no_error_message(bare: Terminal) -> None:
    bare.file("q.ndjson", (json.dumps({"q": "connects"}) + "\n") * 200)
    command = [sys.executable, "-m", "bot", "ask", "--batch", "q.ndjson", "--json"]

    with subprocess.Popen(
        command,
        cwd=bare.folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asking:
        assert asking.stdout is not None
        asking.stdout.close()
        _, said = asking.communicate(timeout=60)

    assert (asking.returncode, said) == (1, b"")
