import pytest

from bot import __version__
from tests.bot.commands.terminal import Terminal


@pytest.mark.parametrize("arguments", [[], ["db"]])
def test_without_a_command_the_help_is_shown(bare: Terminal, arguments: list[str]) -> None:
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
def test_wrong_usage_is_one_line_and_exit_code_2(
    bare: Terminal, arguments: list[str], said: str
) -> None:
    ended = bare.run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: {said}")


def test_the_version_is_said(bare: Terminal) -> None:
    assert bare.run("--version").out == f"helpdesk {__version__}\n"


def test_a_traceback_is_shown_only_with_debug_wherever_it_stands(bare: Terminal) -> None:
    broken = bare.file("helpdesk.db", "no database" * 100)

    quiet = bare.run("progress", "f-1001")

    assert "Traceback" not in quiet.err
    with pytest.raises(Exception, match="HELPDESK_DATABASE_URL"):
        bare.run("progress", "f-1001", "--debug")
    assert (bare.folder / broken).read_text() == "no database" * 100
