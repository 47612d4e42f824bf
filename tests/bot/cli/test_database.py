import socket
import sqlite3
from contextlib import closing

import pytest

from tests.bot.cli.terminal import PEPPERS, TOKEN, Terminal

COMMANDS = [
    ["progress", "f-1001"],
    ["link", "f-1001"],
    ["import", "accounts.ndjson"],
    ["import", "accounts.ndjson", "--atomic"],
    ["db", "upgrade"],
    ["run"],
]
every_command = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


def stamp(terminal: Terminal, revision: str) -> None:
    with closing(sqlite3.connect(terminal.folder / "helpdesk.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@every_command
def test_a_database_of_a_newer_version_is_refused_and_unchanged(
    desk: Terminal, command: list[str]
) -> None:
    stamp(desk, "9999")
    before = desk.kept()

    ended = desk.run(*command, token=TOKEN, peppers=PEPPERS)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "helpdesk: HELPDESK_DATABASE_URL: the database has revision 9999, which this version "
        "does not know: install the version that made it, or a later one.\n"
    )
    assert desk.kept() == before


@every_command
def test_a_file_that_is_no_database_is_refused_and_unchanged(
    bare: Terminal, command: list[str]
) -> None:
    bare.file("accounts.ndjson", "{}\n")
    bare.file("helpdesk.db", "my diary\n" * 100)

    ended = bare.run(*command, token=TOKEN, peppers=PEPPERS)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert "HELPDESK_DATABASE_URL: no database at sqlite" in ended.err
    assert "file is not a database" in ended.err
    assert (bare.folder / "helpdesk.db").read_text() == "my diary\n" * 100


@every_command
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite+aiosqlite:///none/here.db", "none of the database does not exist; create it"),
        ("sqlite+aiosqlite:///.", "is a folder; name a file in it"),
        ("sqlite+aiosqlite://", "needs a file"),
        ("mysql://me:hunter2@there/desk", "mysql:// is not supported"),
        ("helpdesk.db", "not a database address; expected sqlite+aiosqlite:///FILE or"),
    ],
)
def test_an_unreachable_database_address_is_refused(
    bare: Terminal, command: list[str], url: str, said: str
) -> None:
    bare.file("accounts.ndjson", "{}\n")

    ended = bare.run(*command, token=TOKEN, peppers=PEPPERS, database_url=url)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith("helpdesk: HELPDESK_DATABASE_URL: ")
    assert said in ended.err
    assert "hunter2" not in ended.err
    assert [each.name for each in bare.folder.iterdir()] == ["accounts.ndjson"]


@every_command
def test_an_unreachable_postgresql_is_reported_without_its_password(
    bare: Terminal, command: list[str]
) -> None:
    bare.file("accounts.ndjson", "{}\n")
    url = f"postgresql+asyncpg://me:hunter2@127.0.0.1:{free_port()}/desk"

    ended = bare.run(*command, token=TOKEN, peppers=PEPPERS, database_url=url)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith("helpdesk: HELPDESK_DATABASE_URL: no database at postgresql")
    assert "hunter2" not in ended.err


def test_upgrading_creates_the_tables_and_a_second_upgrade_changes_nothing(bare: Terminal) -> None:
    first = bare.run("db", "upgrade")
    made = bare.kept()
    second = bare.run("db", "upgrade")

    assert first.out == second.out == "The database is up to date.\n"
    assert bare.kept() == made
