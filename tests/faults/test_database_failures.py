"""The database restarts, hangs up, is locked or full: what was taken in is answered afterwards."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from bot.incoming.turn_loop import TRIES
from bot.presentation.reply import Replies, Reply
from state.ports import DatabaseDownError, UnitOfWork
from tests.faults.ledger import Ledger
from tests.faults.running_bot import ADA, BEN, answers, ask, is_told, opened_day
from tests.state.store.sql.test_locks import CUT
from tests.support.cluster import Cluster, private_postgres
from tests.support.databases import execute, opened
from tests.support.scripted import ADA as SOMEBODY
from tests.support.scripted import LANE, Scripted, a_message

pytestmark = pytest.mark.timeout(120)

THINGS = ("lantern", "violin", "compass", "marble", "whistle", "hammock")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    async with private_postgres() as cluster:
        yield cluster


async def failures(url: str) -> list[str]:
    """Updates that cost an attempt, and whatever was given up."""
    async with opened(url) as database:
        return await Ledger(database).failed()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_server_restart_loses_no_reply_and_costs_no_attempt(
    cluster: Cluster, tmp_path: Path, mode: str
) -> None:
    await emptied(cluster.url)
    async with opened_day(cluster.url, tmp_path) as world:
        ask(world, ADA, *THINGS[:3])
        await is_told(world, ADA, 1)
        await cluster.stop(mode)
        ask(world, ADA, *THINGS[3:])
        ask(world, BEN, "walnut")
        await cluster.start()
        told = await is_told(world, ADA, 6), await is_told(world, BEN, 1)

        assert list(dict.fromkeys(told[0])) == answers(*THINGS)
        assert told[1] == answers("walnut")
    assert await failures(cluster.url) == []


async def emptied(url: str) -> None:
    await execute(url, "DELETE FROM outbox; DELETE FROM inbox; DELETE FROM question")


async def test_repeatedly_cut_connections_lose_no_reply_and_cost_no_attempt(
    postgres_url: str, tmp_path: Path
) -> None:
    async with opened_day(postgres_url, tmp_path) as world:
        for thing in THINGS:
            ask(world, ADA, thing)
            await execute(postgres_url, CUT)
            await asyncio.sleep(0.05)
        told = await is_told(world, ADA, len(THINGS))

        assert list(dict.fromkeys(told)) == answers(*THINGS)
    assert await failures(postgres_url) == []


async def test_the_bot_waits_for_a_locked_table(postgres_url: str, tmp_path: Path) -> None:
    async with opened_day(postgres_url, tmp_path) as world:
        plain = postgres_url.replace("+asyncpg", "")
        locker = await asyncpg.connect(plain)
        async with locker.transaction():
            await locker.execute("LOCK TABLE inbox, outbox IN ACCESS EXCLUSIVE MODE")
            ask(world, ADA, "lantern")
            await asyncio.sleep(1)
            locked = list(world.told(ADA))
        await locker.close()

        assert locked == []
        assert await is_told(world, ADA, 1) == answers("lantern")
    assert await failures(postgres_url) == []


async def test_the_bot_waits_for_a_locked_database_file(sqlite_url: str, tmp_path: Path) -> None:
    file = sqlite_url.partition("///")[2]
    async with opened_day(sqlite_url, tmp_path) as world:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            ask(world, ADA, "lantern", "violin")
            await asyncio.sleep(1)
            locked = list(world.told(ADA))
            other.execute("ROLLBACK")

        assert locked == []
        assert await is_told(world, ADA, 2) == answers("lantern", "violin")
    assert await failures(sqlite_url) == []


@contextmanager
def full_disk(file: Path) -> Iterator[None]:
    """No file of this process may grow beyond what this one has."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_loses_nothing_and_work_continues_once_there_is_space(
    sqlite_url: str, tmp_path: Path
) -> None:
    log = Path(sqlite_url.partition("///")[2] + "-wal")
    async with opened_day(sqlite_url, tmp_path) as world:
        ask(world, BEN, "walnut")
        await is_told(world, BEN, 1)
        with full_disk(log):
            ask(world, ADA, *THINGS)
            await asyncio.sleep(1.5)
            full = list(world.told(ADA))
        told = await is_told(world, ADA, len(THINGS))

        assert len(full) < len(THINGS)
        assert list(dict.fromkeys(told)) == answers(*THINGS)
    assert await failures(sqlite_url) == []


async def test_an_unreachable_database_does_not_count_as_a_failed_try_of_the_update() -> None:
    down = iter([True] * TRIES + [False])

    async def find_no_database(unit: UnitOfWork) -> Replies:
        if next(down):
            raise DatabaseDownError("the disk is full")
        return [Reply(template="hello")]

    script = Scripted(handle=find_no_database)
    turns = script.turns()
    await script.receive({"update_id": 1, **a_message()})

    for _ in range(TRIES):
        with pytest.raises(DatabaseDownError):
            await turns.run([LANE])
    await turns.run([LANE])

    assert script.sent == [(SOMEBODY, "hello in de")]
