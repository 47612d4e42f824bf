"""A copy is made while the desk is at work, and is all that is needed to go on from."""

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from bot.context import make_copy, restore_copy
from bot.settings import SettingsError
from state.model.work import Incoming
from state.store.sql.locks import exclusive_process_lock
from tests.bot.cli.terminal import Terminal
from tests.support.databases import opened
from tests.support.fakes import START
from tests.support.scenes import settings_for


def updates(start: int, count: int) -> list[Incoming]:
    return [
        Incoming(update_id=n, lane=f"chat:{n}", payload=json.dumps({"n": n}), received_at=START)
        for n in range(start, start + count)
    ]


async def stored(url: str, *, first: int, batches: int) -> None:
    async with opened(url) as database:
        for batch in range(batches):
            await database.inbox_queue.store(updates(first + 10 * batch, 10))


async def waiting(url: str) -> int:
    async with opened(url) as database:
        return len(await database.inbox_queue.waiting_lanes())


def test_a_restored_database_holds_what_was_backed_up(desk: Terminal) -> None:
    before = desk.kept()

    made = desk.run("db", "backup", "copy.db")
    assert desk.run("forget", "f-1001").code == 0
    back = desk.run("db", "restore", "copy.db")

    assert (made.code, made.err, back.code, back.err) == (0, "", 0, "")
    assert made.out.startswith("Copied to copy.db. Keep it as safe as the desk")
    assert "kept in helpdesk.db-before-restore" in back.out
    assert desk.kept() == before
    assert desk.kept("helpdesk.db-before-restore") != before


def test_a_backup_is_a_single_file_readable_only_by_its_owner(desk: Terminal) -> None:
    desk.run("db", "backup", "copy.db")

    made = [each.name for each in desk.folder.iterdir() if each.name.startswith("copy")]
    assert made == ["copy.db"]
    assert (desk.folder / "copy.db").stat().st_mode & 0o777 == 0o600


async def test_a_backup_taken_during_writes_is_complete_and_consistent(
    database_url: str, tmp_path: Path
) -> None:
    settings, copy = settings_for(database_url), tmp_path / "copy"
    await stored(database_url, first=1, batches=30)

    writing = asyncio.ensure_future(stored(database_url, first=1001, batches=40))
    await make_copy(settings, copy)
    await writing
    whole = await waiting(database_url)
    await restore_copy(settings, copy)
    restored = await waiting(database_url)
    await stored(database_url, first=2001, batches=1)

    assert whole == 700
    assert 300 <= restored <= 700
    assert restored % 10 == 0
    assert await waiting(database_url) == restored + 10


def test_a_backup_does_not_block_writers(desk: Terminal) -> None:
    done, written = Event(), list[int]()

    def write() -> None:
        path = desk.folder / "helpdesk.db"
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
            while not done.is_set():
                database.execute("UPDATE account SET freelancer_id = freelancer_id")
                written.append(1)

    writer = Thread(target=write)
    writer.start()
    made = [desk.run("db", "backup", f"copy-{n}.db").code for n in range(3)]
    done.set()
    writer.join()

    assert made == [0, 0, 0]
    assert sum(written) > 0


def test_a_backup_overwrites_no_existing_file(desk: Terminal) -> None:
    desk.file("diary.txt", "my diary")

    ended = desk.run("db", "backup", "diary.txt")

    assert ended.code == 2
    assert ended.err == (
        "helpdesk: no copy was made: diary.txt is there already: name a file that is not.\n"
    )
    assert (desk.folder / "diary.txt").read_text() == "my diary"
    assert list(desk.folder.glob("*.part")) == []


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("none.db", "there is no file none.db."),
        ("diary.txt", "diary.txt is no copy of a help desk's database."),
        ("later.db", "later.db is of a later version: install that one first."),
    ],
)
def test_restoring_a_file_that_is_no_backup_changes_nothing(
    desk: Terminal, file: str, said: str
) -> None:
    desk.file("diary.txt", "my diary\n" * 1000)
    desk.run("db", "backup", "later.db")
    with closing(sqlite3.connect(desk.folder / "later.db")) as later, later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
    before = desk.kept()

    ended = desk.run("db", "restore", file)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"helpdesk: nothing was restored: {said}\n"
    assert desk.kept() == before


def test_restoring_under_a_running_bot_is_refused(desk: Terminal) -> None:
    desk.run("db", "backup", "copy.db")

    with exclusive_process_lock(make_url(f"sqlite:///{desk.folder / 'helpdesk.db'}")):
        ended = desk.run("db", "restore", "copy.db")

    assert ended.code == 2
    assert "another process runs on helpdesk.db: stop it first" in ended.err


async def test_restoring_postgresql_under_a_running_bot_is_refused(
    postgres_url: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    await make_copy(settings_for(postgres_url), copy)
    plain = postgres_url.replace("postgresql+asyncpg", "postgresql")
    other = await asyncpg.connect(plain, server_settings={"application_name": "helpdesk 1"})

    with pytest.raises(SettingsError, match="1 processes run on this database: stop them first"):
        await restore_copy(settings_for(postgres_url), copy)
    await other.close()


async def test_without_pg_dump_a_postgresql_backup_is_refused_with_the_reason(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SettingsError, match="pg_dump is not installed here: install PostgreSQL's"):
        await make_copy(settings_for(postgres_url), tmp_path / "copy")

    assert os.listdir(tmp_path) == []  # noqa: PTH208 - nothing else runs


async def test_backup_and_restore_use_the_server_in_the_address_or_none(
    postgres_url: str, tmp_path: Path
) -> None:
    server = make_url(postgres_url)
    bare = server.set(host="", port=None)
    right = bare.set(query={"host": str(server.host), "port": str(server.port or 5432)})
    wrong = bare.set(query={"host": str(server.host), "port": "1"})
    settings, elsewhere = (
        settings_for(url.render_as_string(hide_password=False)) for url in (right, wrong)
    )
    copy, other = tmp_path / "copy", tmp_path / "other"

    await make_copy(settings, copy)
    with pytest.raises(SettingsError, match=r"pg_dump failed: .*port 1"):
        await make_copy(elsewhere, other)
    with pytest.raises(SettingsError, match=r"no database at .*:1/"):
        await restore_copy(elsewhere, copy)

    assert copy.stat().st_size > 0
    assert not other.exists()
