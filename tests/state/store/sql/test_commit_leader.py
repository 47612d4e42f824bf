"""A group commit: in order, one batch at a time, whoever is called off meanwhile."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from state.store.sql.group_commit import GroupCommit, Result, Work
from state.store.sql.transaction import Transaction


class Carrier:
    """Carries a batch when it is told to, and keeps what it carried."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go_on = asyncio.Semaphore(0)
        self.fails = False
        self.before_it_returns: Callable[[], object] = bool

    async def __call__(self, works: Sequence[Work]) -> Sequence[Result]:
        self.batches.append([work.__name__ for work in works])
        await self.go_on.acquire()
        asyncio.get_running_loop().call_soon(self.before_it_returns)
        if self.fails:
            raise ValueError("not carried")
        return [(None, None)] * len(works)


def a_work(name: str) -> Work:
    async def work(transaction: Transaction) -> None:
        raise AssertionError("the carrier runs nothing")

    work.__name__ = name
    return work


def group_of(carrier: Carrier) -> GroupCommit:
    return GroupCommit(carrier, asyncio.Lock())


async def begun(group: GroupCommit, *names: str) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(group.run(a_work(name))) for name in names]
    await asyncio.sleep(0)
    return tasks


async def test_work_added_during_a_batch_joins_the_next_one() -> None:
    carrier = Carrier()
    group = group_of(carrier)

    first = await begun(group, "a")
    rest = await begun(group, "b", "c")
    for _ in range(2):
        carrier.go_on.release()
    await asyncio.gather(*first, *rest)

    assert carrier.batches == [["a"], ["b", "c"]]


async def test_a_failed_batch_fails_all_its_members_and_the_next_one_runs() -> None:
    carrier = Carrier()
    group = group_of(carrier)
    first = await begun(group, "a")
    rest = await begun(group, "b", "c")
    carrier.go_on.release()
    await asyncio.gather(*first)

    carrier.fails = True
    carrier.go_on.release()
    heard = await asyncio.gather(*rest, return_exceptions=True)
    carrier.fails = False
    carrier.go_on.release()
    await group.run(a_work("d"))

    assert [type(one) for one in heard] == [ValueError, ValueError]
    assert carrier.batches[-1] == ["d"]


@pytest.mark.parametrize("called_off", [0, 1, 2], ids=["first", "middle", "last"])
async def test_a_cancelled_waiter_blocks_nobody(called_off: int) -> None:
    carrier = Carrier()
    group = group_of(carrier)
    first = await begun(group, "a")
    waiting = await begun(group, "b", "c", "d")

    waiting[called_off].cancel()
    for _ in range(3):
        carrier.go_on.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*first, *waiting, return_exceptions=True)

    left = ["b", "c", "d"]
    left.pop(called_off)
    assert [item for batch in carrier.batches for item in batch] == ["a", *left]


async def test_a_cancelled_next_leader_passes_the_lead_on() -> None:
    carrier = Carrier()
    group = group_of(carrier)
    first = await begun(group, "a")
    waiting = await begun(group, "b", "c")

    carrier.before_it_returns = waiting[0].cancel  # whose turn it is next, and who has not begun
    for _ in range(2):
        carrier.go_on.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*first, waiting[1])

    assert waiting[0].cancelled()
    assert carrier.batches == [["a"], ["c"]]


async def test_a_cancelled_leader_leaves_the_next_batch_to_others() -> None:
    carrier = Carrier()
    group = group_of(carrier)
    (first,) = await begun(group, "a")
    waiting = await begun(group, "b")

    first.cancel()
    carrier.go_on.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)

    assert carrier.batches == [["a"], ["b"]]
