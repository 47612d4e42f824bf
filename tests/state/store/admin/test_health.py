"""What those who watch over the desk are told of its database."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.work import EventKind as Event
from state.model.work import Incoming, Queue, SendReply, TellMarketplace
from state.ports import UnitOfWork, WaitingRows
from state.store.admin.health import backlog, trouble
from state.store.admin.revision import REVISIONS
from state.store.database import Database
from state.store.sql.errors import DatabaseUnreachableError
from tests.support.databases import execute, opened
from tests.support.fakes import START

LATER = START + timedelta(minutes=10)


async def fill(unit: UnitOfWork) -> None:
    for place, due_at in enumerate((START, LATER)):
        await unit.outbox.add(
            SendReply(chat_id=ChatId(1), text="x"), lane="chat:1", key=f"{place}", due_at=due_at
        )
    event = TellMarketplace(event=Event.LINKED, freelancer_id=FreelancerId("f-1"))
    await unit.outbox.add(event, lane="events", key="e", due_at=START)


async def test_waiting_rows_are_counted_and_future_ones_are_not(database: Database) -> None:
    await database.transact(fill)
    update = Incoming(update_id=1, lane="chat:1", payload="{}", received_at=START)
    await database.inbox_queue.store([update])

    found = await backlog(database, START + timedelta(minutes=1))

    assert found.inbox == WaitingRows(1, START)
    assert found.outbox == {
        Queue.CHATS: WaitingRows(1, START),
        Queue.PULLS: WaitingRows(0, None),
        Queue.EVENTS: WaitingRows(1, START),
        Queue.GROUP: WaitingRows(0, None),
    }


def lose(file: Path, *, replaced: bool) -> None:
    file.unlink()
    if replaced:
        file.write_bytes(b"")


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_deleted_database_file_is_reported_and_accepts_no_writes(
    sqlite_url: str, *, replaced: bool
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///"))
    async with opened(sqlite_url) as database:
        assert await trouble(database) is None
        lose(file, replaced=replaced)

        found = await trouble(database)
        with pytest.raises(DatabaseUnreachableError, match="deleted or replaced"):
            await database.transact(fill)
        with pytest.raises(DatabaseUnreachableError, match="deleted or replaced"):
            await database.transact(fill, heavy=True)

    assert found is not None
    assert "put the file or a backup in its place" in found


async def test_an_empty_queue_has_no_backlog(database: Database) -> None:
    found = await backlog(database, START)

    assert found.inbox == WaitingRows(0, None)


async def test_a_database_of_this_version_is_healthy(database: Database) -> None:
    assert await trouble(database) is None


async def test_a_newer_database_version_is_no_trouble(postgres_url: str) -> None:
    await execute(postgres_url, "UPDATE alembic_version SET version_num = '9999'")
    try:
        async with opened(postgres_url) as database:
            assert await trouble(database) is None
    finally:
        await execute(postgres_url, f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}'")


async def test_missing_tables_are_reported(tmp_path: object) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/empty.db") as database:
        found = await trouble(database)

    assert found is not None
    assert "run `helpdesk db upgrade`" in found


async def test_an_unreachable_server_is_reported() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

        async with opened(f"postgresql+asyncpg://me:hush@127.0.0.1:{port}/x") as database:
            found = await trouble(database)

    assert found is not None
    assert found.startswith("no database at ")
    assert "hush" not in found


async def test_an_unresponsive_database_is_reported_after_a_timeout(postgres_url: str) -> None:
    async with (
        opened(postgres_url) as busy,
        opened(postgres_url) as database,
        busy.connections.writing() as transaction,
    ):
        await transaction.run(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        found = await trouble(database, patience=0.2)

    assert found == "the database did not answer in 0.2 s"
