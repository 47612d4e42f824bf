"""An SQLite database is for its own user to read, whatever the umask says."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from state.store.admin.backup import back_up, restore
from state.store.admin.migrate import upgrade
from state.store.sql.locks import exclusive_process_lock
from tests.support.databases import opened


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {each.name: oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}


async def test_a_new_database_its_log_and_its_lock_file_are_private(tmp_path: Path) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/desk.db") as database:
        await upgrade(database)
        with exclusive_process_lock(database.connections.engine.url):
            await database.transact(lambda unit: unit.missed_groups.keep_largest(0))
            await database.transact(lambda unit: unit.missed_groups.keep_largest(0))
            found = modes(tmp_path)

    assert set(found) >= {"desk.db", "desk.db-wal", "desk.db-shm", "desk.db-run"}
    assert set(found.values()) == {"0o600"}


async def test_the_inline_driver_creates_a_private_file_too(tmp_path: Path) -> None:
    async with (
        opened(f"sqlite+aiosqlite:///{tmp_path}/desk.db") as database,
        database.connections.reading(),
    ):
        found = modes(tmp_path)

    assert set(found.values()) == {"0o600"}


async def test_a_world_readable_file_is_made_private(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    with closing(sqlite3.connect(file)) as earlier:
        earlier.execute("PRAGMA journal_mode = WAL")
        earlier.execute("CREATE TABLE t (a)")
        assert modes(tmp_path)["desk.db-wal"] == "0o644"
        async with opened(f"sqlite+aiosqlite:///{file}") as database:
            await database.ping()
            found = modes(tmp_path)

    assert set(found.values()) == {"0o600"}


async def test_backups_and_restored_files_are_private(tmp_path: Path) -> None:
    file, copy = tmp_path / "desk.db", tmp_path / "copy"
    async with opened(f"sqlite+aiosqlite:///{file}") as database:
        await upgrade(database)
    back_up(file, copy)
    file.unlink()
    restore(file, copy)
    restore(file, copy)

    assert set(modes(tmp_path).values()) == {"0o600"}
    assert "desk.db-before-restore" in modes(tmp_path)
