import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.context import open_desk
from bot.settings import Settings
from state.model.verification import Verification
from state.ports import ReadUnit, UnitOfWork
from state.store.database import Database, open_database
from state.store.repositories.chats import SqlChats
from state.store.sql.errors import BadUrlError, DatabaseUnreachableError
from tests.support.builders import ADA, a_verification
from tests.support.databases import opened


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("helpdesk.db", "expected sqlite"),
        ("mysql://localhost/desk", "mysql:// is not supported"),
        ("postgresql://localhost/desk", "postgresql:// is not supported; use .*asyncpg"),
        ("sqlite+aiosqlite://", "needs a file"),
        ("sqlite+aiosqlite:///:memory:", "needs a file"),
    ],
)
def test_an_unusable_database_url_is_refused(url: str, advice: str) -> None:
    with pytest.raises(BadUrlError, match=advice):
        open_database(url)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "not" / "there"

    with pytest.raises(DatabaseUnreachableError, match=f"{missing} .* create it"):
        open_database(f"sqlite+aiosqlite:///{missing}/helpdesk.db")


def test_a_folder_is_refused_as_a_database(tmp_path: Path) -> None:
    with pytest.raises(BadUrlError, match="is a folder; name a file in it"):
        open_database(f"sqlite+aiosqlite:///{tmp_path}")


async def test_an_unreachable_server_is_reported_without_the_password() -> None:
    async with opened("postgresql+asyncpg://desk:s3cret@127.0.0.1:9/desk") as database:
        with pytest.raises(DatabaseUnreachableError, match="is it running") as raised:
            await database.ping()

    assert "s3cret" not in str(raised.value)


async def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look like one" * 100)

    async with opened(f"sqlite+aiosqlite:///{tmp_path / 'notes.txt'}") as database:
        with pytest.raises(DatabaseUnreachableError, match="file is not a database"):
            await database.ping()


async def test_a_responding_database_is_reachable(database: Database) -> None:
    await database.ping()


async def test_sqlite_is_configured_to_survive_a_power_cut(sqlite_url: str) -> None:
    pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]

    async with opened(sqlite_url) as database, database.connections.reading() as transaction:
        found = [(await transaction.run(text(f"PRAGMA {pragma}"))).scalar() for pragma in pragmas]

    assert found == ["wal", 2, 1, 10_000]


async def test_a_reader_does_not_wait_for_writers(database: Database, second: Database) -> None:
    async with database.connections.writing() as writing:
        await writing.run(text("INSERT INTO number_binding VALUES ('key', 'person', 1)"))

        async with second.connections.reading() as reading:
            seen = (await reading.run(text("SELECT count(*) FROM number_binding"))).scalar()

    assert seen == 0


async def test_a_read_does_not_wait_for_row_locks(database: Database, second: Database) -> None:
    await database.transact(lambda unit: unit.verifications.save(a_verification(version=0)))

    async def look_meanwhile(unit: UnitOfWork) -> Verification:
        await unit.verifications.load(ADA)
        return await second.read(lambda other: other.verifications.load(ADA))

    assert await database.transact(look_meanwhile) == a_verification(version=1)


async def test_heavy_work_does_not_block_the_event_loop(sqlite_url: str) -> None:
    settings = Settings(database_url=sqlite_url)
    counting = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000)"
        " SELECT max(i) FROM n"
    )

    async def count(unit: ReadUnit) -> int:
        assert isinstance(unit.chats, SqlChats)
        found: int = (await unit.chats._transaction.run(counting)).scalar_one()
        return found

    async with open_desk(settings) as desk:
        ticks = 0
        counted = asyncio.ensure_future(desk.heavy_records.read(count))
        while not counted.done():
            ticks += 1
            await asyncio.sleep(0.01)

    assert (await counted, ticks > 3) == (2_000_000, True)
