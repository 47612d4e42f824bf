"""Bulk works that share a commit share a statement; one that fails fails alone."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import literal, select

from state.store.database import Database
from state.store.sql.group_commit import BulkWork
from state.store.sql.transaction import Transaction


class Recorder:
    """A bulk statement that notes its items and fails for negative ones."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []

    async def __call__(self, transaction: Transaction, items: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(items))
        doubled = [2 * item for item in items]
        if min(items) < 0:
            raise ValueError("a negative item")
        return [await transaction.value(select(literal(each))) for each in doubled]


async def run_at_once(database: Database, recorder: Recorder, *items: int) -> list[object]:
    """Start a work that holds the first commit up, and one for each item meanwhile."""
    may_end = asyncio.Event()

    async def hold_up(_: Transaction) -> None:
        await may_end.wait()

    first = asyncio.create_task(database.connections.write(hold_up, patience=0.0))
    await asyncio.sleep(0.05)
    works = [
        asyncio.create_task(database.connections.write(BulkWork(recorder, item), patience=0.0))
        for item in items
    ]
    await asyncio.sleep(0)
    may_end.set()
    await first
    return list(await asyncio.gather(*works, return_exceptions=True))


async def test_items_that_wait_for_the_same_commit_share_a_statement(database: Database) -> None:
    recorder = Recorder()

    results = await run_at_once(database, recorder, 1, 2, 3)

    assert results == [2, 4, 6]
    assert recorder.calls == [[1, 2, 3]]


async def test_an_item_that_fails_does_not_fail_the_others(database: Database) -> None:
    recorder = Recorder()

    results = await run_at_once(database, recorder, 1, -2, 3)

    assert [results[0], results[2]] == [2, 6]
    assert isinstance(results[1], ValueError)
    assert recorder.calls == [[1, -2, 3], [1], [-2], [3]]


async def test_statements_of_different_kinds_keep_their_results(database: Database) -> None:
    one, other = Recorder(), Recorder()

    async def write(recorder: Recorder, item: int) -> int:
        work = BulkWork(recorder, item)
        result: int = await database.connections.write(work, patience=0.0)
        return result

    results = await asyncio.gather(
        write(one, 1), write(other, 2), write(one, 3), write(other, 4), write(one, 5)
    )

    assert list(results) == [2, 4, 6, 8, 10]
