"""Short writes that wait for SQLite's one writer share a commit, and fail by themselves."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from state.model.chat import Chat, ChatId
from state.ports import ReadUnit, StaleStateError, UnitOfWork
from state.store.database import Database
from tests.support.databases import opened

SOME = [ChatId(number) for number in range(1, 6)]


@pytest_asyncio.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as database:
        yield database


async def save(database: Database, chat_id: ChatId) -> None:
    async def work(unit: UnitOfWork) -> None:
        await unit.chats.save(Chat(id=chat_id))

    await database.transact(work)


async def saved(database: Database) -> list[ChatId]:
    async def work(unit: ReadUnit) -> list[ChatId]:
        return [one for one in SOME if await unit.chats.get(one) is not None]

    return await database.read(work)


async def test_all_members_are_committed_when_they_return(database: Database) -> None:
    await asyncio.gather(*(save(database, one) for one in SOME))

    assert await saved(database) == SOME


async def test_failed_work_is_rolled_back_and_the_rest_committed(database: Database) -> None:
    async def fail(unit: UnitOfWork) -> None:
        await unit.chats.save(Chat(id=SOME[1]))
        raise ValueError("on purpose")

    first = save(database, SOME[0])
    last = save(database, SOME[2])

    results = await asyncio.gather(first, database.transact(fail), last, return_exceptions=True)

    assert [type(one) for one in results] == [type(None), ValueError, type(None)]
    assert await saved(database) == [SOME[0], SOME[2]]


async def test_work_with_a_conflict_is_rerun_without_the_others(database: Database) -> None:
    runs = []

    async def lose_once(unit: UnitOfWork) -> None:
        runs.append("again")
        await unit.chats.save(Chat(id=SOME[0]))
        if len(runs) == 1:
            raise StaleStateError("somebody was first")

    await asyncio.gather(database.transact(lose_once), save(database, SOME[1]))

    assert len(runs) == 2
    assert await saved(database) == SOME[:2]


async def test_cancelled_waiting_work_leaves_nothing_behind(database: Database) -> None:
    async with database.connections.writing():
        waiting = asyncio.get_running_loop().create_task(save(database, SOME[0]))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await save(database, SOME[1])

    assert await saved(database) == [SOME[1]]


async def test_a_cancelled_leader_does_not_stop_the_others_from_committing(
    database: Database,
) -> None:
    async def dawdle(unit: UnitOfWork) -> None:
        await asyncio.sleep(5)

    leader = asyncio.get_running_loop().create_task(database.transact(dawdle))
    follower = asyncio.get_running_loop().create_task(save(database, SOME[0]))
    await asyncio.sleep(0.01)
    leader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leader
    await follower

    assert await saved(database) == [SOME[0]]


def along(database: Database, chat_id: ChatId) -> "asyncio.Task[None]":
    async def work(unit: UnitOfWork) -> None:
        await unit.chats.save(Chat(id=chat_id))

    return asyncio.get_running_loop().create_task(database.transact(work, may_wait=True))


async def test_patient_work_joins_the_next_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.store.database.PATIENCE", 60.0)
    patient = along(database, SOME[0])
    await asyncio.sleep(0.01)
    still_waiting = not patient.done()

    await save(database, SOME[1])
    async with asyncio.timeout(5):
        await patient

    assert still_waiting
    assert await saved(database) == SOME[:2]


async def test_patient_work_is_committed_alone_if_no_other_comes(database: Database) -> None:
    async with asyncio.timeout(5):
        await along(database, SOME[0])

    assert await saved(database) == SOME[:1]


async def test_patient_work_cancelled_while_waiting_leaves_nothing_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.store.database.PATIENCE", 60.0)
    patient = along(database, SOME[0])
    await asyncio.sleep(0.01)

    patient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await patient
    await save(database, SOME[1])

    assert await saved(database) == [SOME[1]]


async def test_a_concurrent_writing_process_is_waited_for(
    database: Database, sqlite_url: str
) -> None:
    async with opened(sqlite_url) as other, other.connections.writing() as theirs:
        await theirs.run(text("UPDATE chat SET language = 'en'"))
        ours = asyncio.get_running_loop().create_task(save(database, SOME[0]))
        await asyncio.sleep(0.05)
        waited = not ours.done()
    await ours

    assert waited
    assert await saved(database) == [SOME[0]]
