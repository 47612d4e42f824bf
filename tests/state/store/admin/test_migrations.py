import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text

from state.store.admin import migrate as schema
from state.store.admin.revision import REVISIONS, check_revision, current_revision
from state.store.database import Database
from state.store.sql.errors import DatabaseTooNewError, DatabaseTooOldError
from state.store.tables import metadata
from tests.support.databases import fresh_postgres, opened

_TICKET = (
    "INSERT INTO ticket (id, chat_id, freelancer_id, caller, language, reason, asked, opened_at, "
    "waiting_since, state, taken_by, taken_at, reopened, passing_told, version) VALUES "
)
_REST = "'A', 'en', 'asked', '[]', 1, 1, "
_ROW = "INSERT INTO outbox (id, queue, lane, key, kind, payload, due_at, state, tries, done_at) "
ROWS_OF_0007 = (
    "INSERT INTO chat (id, freelancer_id, awaiting) VALUES (11, 'ada', 'nothing')",
    "INSERT INTO chat (id, freelancer_id, awaiting) VALUES (12, 'ben', 'nothing')",
    "INSERT INTO chat (id, freelancer_id, awaiting) VALUES (13, 'cem', 'nothing')",
    f"{_TICKET} (1, 11, 'ada', {_REST} 'waiting', NULL, NULL, 0, false, 1)",
    f"{_TICKET} (2, 12, NULL, {_REST} 'waiting', NULL, NULL, 0, false, 1)",
    f"{_TICKET} (3, 13, 'ada', {_REST} 'taken', 7, 2, 0, false, 1)",
    f"{_TICKET} (4, 14, 'ada', {_REST} 'waiting', NULL, NULL, 0, false, 1)",
    f"{_ROW} VALUES (1, 'chats', 'ticket:11', 'news', 'none', '{{}}', 1, 'pending', 0, NULL)",
    f"{_ROW} VALUES (2, 'chats', 'chat:11', 'reply', 'send_reply', '{{}}', 1, 'pending', 0, NULL)",
    f"{_ROW} VALUES (3, 'chats', 'ticket:11', 'old news', 'tell_group', NULL, 1, 'done', 0, 2)",
)
"""Ada's talk; one that began before its chat was Ben's; two of chats that are Ada's no more."""


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database on which no revision was ever run."""
    if request.param == "sqlite":
        async with opened(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}") as database:
            yield database
    else:
        async with fresh_postgres() as url, opened(url) as database:
            yield database


async def tables(database: Database) -> set[str]:
    async with database.connections.reading() as transaction:
        return set(await transaction.run_sync(lambda bound: inspect(bound).get_table_names()))


async def set_revision(database: Database, revision: str) -> None:
    async with database.connections.writing() as transaction:
        await transaction.run(text(f"UPDATE alembic_version SET version_num = '{revision}'"))


def drift(bound: Connection) -> list[object]:
    context = MigrationContext.configure(
        bound, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def checks(bound: Connection) -> set[tuple[str, str]]:
    """Constraints by table and name, as the database tells them: autogenerate skips these."""
    inspector = inspect(bound)
    return {
        (f"{table}.{check['name']}", check["sqltext"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }


def rebuilt_checks(bound: Connection) -> set[tuple[str, str]]:
    """The same, after making the tables from the code instead."""
    reflected = MetaData()
    reflected.reflect(bound)
    reflected.drop_all(bound)
    metadata.create_all(bound)
    return checks(bound)


async def test_upgrade_downgrade_and_upgrade_again_succeed(empty: Database) -> None:
    await schema.upgrade(empty)
    full = await tables(empty)
    await schema.downgrade(empty)
    bare = await tables(empty)
    await schema.upgrade(empty)

    assert full == await tables(empty) == {*metadata.tables, "alembic_version"}
    assert bare == {"alembic_version"}


async def test_migrations_create_the_tables_of_the_code(database: Database) -> None:
    async with database.connections.reading() as transaction:
        assert await transaction.run_sync(drift) == []


async def test_migrations_create_the_check_constraints_of_the_code(empty: Database) -> None:
    await schema.upgrade(empty)
    async with empty.connections.writing() as transaction:
        migrated = await transaction.run_sync(checks)

        assert await transaction.run_sync(rebuilt_checks) == migrated


async def test_the_migration_keeps_conversations_and_staff_group_rows(empty: Database) -> None:
    """Up from the tables of revision 0007, with talks of chats that changed hands since."""
    await schema.upgrade(empty)
    await schema.downgrade(empty, "0007")
    async with empty.connections.writing() as transaction:
        for statement in ROWS_OF_0007:
            await transaction.run(text(statement))
    await schema.upgrade(empty)
    async with empty.connections.reading() as transaction:
        talks = await transaction.run(
            text("SELECT id, freelancer_id, state, taken_by, version FROM ticket ORDER BY id")
        )
        queues = await transaction.run(text("SELECT key, queue FROM outbox ORDER BY id"))

        assert [tuple(row) for row in talks] == [
            (1, "ada", "waiting", None, 1),
            (2, "ben", "waiting", None, 1),
            (3, "ada", "closed", None, 2),
            (4, "ada", "closed", None, 2),
        ]
        assert [tuple(row) for row in queues] == [
            ("news", "group"),
            ("reply", "chats"),
            ("old news", "chats"),
        ]
    await schema.downgrade(empty, "0007")
    async with empty.connections.reading() as transaction:
        back = await transaction.run(text("SELECT queue FROM outbox ORDER BY id"))

        assert [row[0] for row in back] == ["chats"] * 3


async def test_a_database_of_this_version_is_accepted_unchanged(database: Database) -> None:
    await check_revision(database)
    await schema.upgrade(database)

    assert await current_revision(database) == REVISIONS[-1]


async def test_processes_that_start_together_upgrade_once(empty: Database) -> None:
    url = empty.connections.engine.url.render_as_string(hide_password=False)

    async with opened(url) as one, opened(url) as other:
        await asyncio.gather(*(schema.upgrade(each) for each in (one, other, one, other)))

    await check_revision(empty)


async def test_a_database_without_tables_needs_an_upgrade(empty: Database) -> None:
    with pytest.raises(DatabaseTooOldError, match=r"no tables yet.*`helpdesk db upgrade`"):
        await check_revision(empty)


async def test_a_database_of_a_newer_version_is_refused(empty: Database) -> None:
    await schema.upgrade(empty)
    await set_revision(empty, "9999")

    with pytest.raises(DatabaseTooNewError, match=r"9999.*install the version"):
        await check_revision(empty)
    with pytest.raises(DatabaseTooNewError, match="9999"):
        await schema.upgrade(empty)


async def test_migrations_work_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async with opened("sqlite+aiosqlite:///here.db") as database:
        await schema.upgrade(database)

    assert (tmp_path / "here.db").exists()


async def test_questions_survive_the_migration_of_missed_groups_and_its_downgrade(
    empty: Database,
) -> None:
    await schema.upgrade(empty)
    async with empty.connections.writing() as transaction:
        await transaction.run(
            text(
                "INSERT INTO question (place, language, words, outcome, score, asked_at) "
                "VALUES (0, 'en', 'dark mode', 'nothing', 0.1, 0)"
            )
        )
        await transaction.run(
            text("INSERT INTO missed_group VALUES ('k', 'en', 'dark mode', '{}', 1, 0, 0)")
        )
    await schema.downgrade(empty, "0007")
    await schema.upgrade(empty)

    async with empty.connections.reading() as transaction:
        left = await transaction.run(
            text("SELECT (SELECT count(*) FROM question), (SELECT count(*) FROM missed_group)")
        )
        assert tuple(left.one()) == (1, 0)
