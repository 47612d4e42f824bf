"""A PostgreSQL server turns read-only, as after a failover, and a writable one is there again."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlalchemy.engine import make_url

from bot.app import running
from state.model.chat import Chat, ChatId
from state.ports import DatabaseDownError, UnitOfWork
from state.store.admin.health import trouble
from tests.journeys.test_polling_and_webhook import free_port, settings_at
from tests.support.bot_api import HttpBotApi
from tests.support.databases import execute, fresh_postgres, migrated, opened
from tests.support.emulator import until

CHAT = ChatId(1)


async def write(unit: UnitOfWork) -> None:
    await unit.chats.save(Chat(id=CHAT))


END_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def set_read_only(url: str) -> None:
    """Make new sessions read-only, and end the ones that are open."""
    await execute(
        url,
        f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on",
        END_SESSIONS,
    )


async def set_writable(url: str) -> None:
    """Make new sessions writable; those that are open stay read-only."""
    await execute(
        url,
        "SET default_transaction_read_only = off",
        f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = off",
    )


async def test_a_connection_to_a_read_only_server_is_replaced() -> None:
    async with fresh_postgres() as url, opened(await migrated(url)) as database:
        await set_read_only(url)
        async with database.connections.reading(), database.connections.reading():
            pass  # two connections to the read-only server
        with pytest.raises(DatabaseDownError):
            await database.transact(write)
        await set_writable(url)

        await asyncio.gather(database.transact(write), database.transact(write))

        stored = await database.read(lambda unit: unit.chats.get(CHAT))
        assert stored == Chat(id=CHAT)


async def test_claims_move_away_from_a_read_only_server() -> None:
    async with fresh_postgres() as url, opened(await migrated(url)) as database:
        await set_read_only(url)
        with pytest.raises(DatabaseDownError):
            await database.claims.claim(["one"])
        held = database.claims.holds("one")
        await set_writable(url)

        assert not held
        assert await database.claims.claim(["one"]) == {"one"}


async def test_readiness_checks_that_the_database_is_writable() -> None:
    async with fresh_postgres() as url, opened(await migrated(url)) as database:
        before = await trouble(database)
        await set_read_only(url)
        during = await trouble(database)
        await set_writable(url)
        after = await trouble(database)

    assert before is None
    assert during is not None
    assert during.startswith("the database takes no writes")
    assert after is None


async def test_the_bot_continues_once_writes_are_possible_again(tmp_path: Path) -> None:
    api, port = HttpBotApi(), free_port()
    async with fresh_postgres() as url, TestServer(api.app()) as server:
        settings = settings_at(server, await migrated(url), tmp_path, internal_port=port)
        async with running(settings), ClientSession() as http:
            ready = f"http://127.0.0.1:{port}/health/ready"
            await set_read_only(url)
            api.say("/start")
            async with http.get(ready) as answer:
                during = answer.status, await answer.text()
            await set_writable(url)
            await until(lambda: api.named("sendMessage"))
            async with http.get(ready) as answer:
                after = answer.status

    assert during[0] == 503
    assert "takes no writes" in during[1]
    assert after == 200
