"""What one process holds, no other gets, until it lets go or is gone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.exc import DBAPIError

from state.store.database import Database, open_database
from state.store.sql.errors import DatabaseInUseError
from tests.support.databases import execute, opened

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@pytest_asyncio.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        yield one, other


async def test_a_name_is_claimed_by_one_process_at_a_time(two: tuple[Database, Database]) -> None:
    one, other = two

    assert await one.claims.claim(["a", "b"]) == {"a", "b"}
    assert await other.claims.claim(["b", "c"]) == {"c"}
    assert await one.claims.claim(["a", "c"]) == {"a"}


async def test_a_released_name_can_be_claimed(two: tuple[Database, Database]) -> None:
    one, other = two
    await one.claims.claim(["a", "b"])

    await one.claims.release(["a", "not held"])

    assert await other.claims.claim(["a", "b"]) == {"a"}


async def test_claiming_twice_needs_one_release(two: tuple[Database, Database]) -> None:
    one, other = two
    await one.claims.claim(["a"])
    await one.claims.claim(["a"])

    await one.claims.release(["a"])

    assert await other.claims.claim(["a"]) == {"a"}


async def test_claims_of_an_ended_process_are_free(two: tuple[Database, Database]) -> None:
    one, other = two
    await one.claims.claim(["a"])

    await one.close()

    assert await other.claims.claim(["a"]) == {"a"}


async def test_claims_lost_with_their_connection_are_not_reported_as_held(
    two: tuple[Database, Database], postgres_url: str
) -> None:
    one, other = two
    await one.claims.claim(["a"])
    await execute(postgres_url, CUT)

    with pytest.raises(DBAPIError):
        await one.claims.claim(["a"])

    assert await other.claims.claim(["a"]) == {"a"}
    assert await one.claims.claim(["a"]) == frozenset()


async def test_a_process_notices_a_lost_claim_before_asking_again(
    two: tuple[Database, Database], postgres_url: str
) -> None:
    one, _ = two
    await one.claims.claim(["a"])
    before = one.claims.holds("a"), one.claims.holds("b")

    await execute(postgres_url, CUT)
    async with asyncio.timeout(5):
        while one.claims.holds("a"):  # noqa: ASYNC110 - the server's affair
            await asyncio.sleep(0.01)

    assert before == (True, False)
    with pytest.raises(DBAPIError):
        await one.claims.claim(["a"])


async def test_concurrent_processes_get_each_name_once(two: tuple[Database, Database]) -> None:
    names = [f"lane:{number}" for number in range(40)]

    got = await asyncio.gather(
        *(desk.claims.claim(names[at : at + 8]) for at in range(0, 40, 4) for desk in two)
    )

    ones = frozenset().union(*got[::2])
    others = frozenset().union(*got[1::2])
    assert ones | others == set(names)
    assert not ones & others


async def test_processes_with_claims_are_counted_until_they_end(
    two: tuple[Database, Database],
) -> None:
    one, other = two

    alone = await one.claims.process_count()
    together = await other.claims.process_count()
    await other.close()

    assert (alone, together, await one.claims.process_count()) == (1, 2, 1)


async def test_on_sqlite_every_claim_succeeds(tmp_path: Path) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}") as database:
        assert await database.claims.claim(["a"]) == {"a"}
        await database.claims.release(["a"])
        assert await database.claims.process_count() == 1


async def test_only_one_process_runs_on_an_sqlite_file(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
    one, other = open_database(url), open_database(url)

    with one.process_lock(), pytest.raises(DatabaseInUseError, match=r"desk\.db: stop it first"):
        other.process_lock().__enter__()

    with other.process_lock():
        assert (tmp_path / "desk.db-run").exists()


async def test_many_processes_run_on_a_postgresql_server(two: tuple[Database, Database]) -> None:
    one, other = two

    with one.process_lock(), other.process_lock():
        assert one.is_shared
