"""What commits together: in order, one batch at a time, whoever is called off meanwhile."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.batching import GroupCommit


class Carrier:
    """Carries a batch when it is told to, and keeps what it carried."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go_on = asyncio.Semaphore(0)
        self.fails = False
        self.before_it_returns: Callable[[], object] = bool

    async def __call__(self, items: Sequence[str]) -> None:
        self.batches.append(list(items))
        await self.go_on.acquire()
        asyncio.get_running_loop().call_soon(self.before_it_returns)
        if self.fails:
            raise ValueError("not carried")


async def begun(together: GroupCommit[str], *items: str) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(together.add(item)) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_meanwhile_goes_with_the_next_batch() -> None:
    carrier = Carrier()
    together = GroupCommit(carrier)

    first = await begun(together, "a")
    rest = await begun(together, "b", "c")
    for _ in range(2):
        carrier.go_on.release()
    await asyncio.gather(*first, *rest)

    assert carrier.batches == [["a"], ["b", "c"]]


async def test_everybody_in_a_batch_hears_that_it_failed_and_the_next_one_is_carried() -> None:
    carrier = Carrier()
    together = GroupCommit(carrier)
    first = await begun(together, "a")
    rest = await begun(together, "b", "c")
    carrier.go_on.release()
    await asyncio.gather(*first)

    carrier.fails = True
    carrier.go_on.release()
    heard = await asyncio.gather(*rest, return_exceptions=True)
    carrier.fails = False
    carrier.go_on.release()
    await together.add("d")

    assert [type(one) for one in heard] == [ValueError, ValueError]
    assert carrier.batches[-1] == ["d"]


@pytest.mark.parametrize("called_off", [0, 1, 2], ids=["first", "middle", "last"])
async def test_whoever_is_called_off_while_waiting_holds_nobody_up(called_off: int) -> None:
    carrier = Carrier()
    together = GroupCommit(carrier)
    first = await begun(together, "a")
    waiting = await begun(together, "b", "c", "d")

    waiting[called_off].cancel()
    for _ in range(3):
        carrier.go_on.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*first, *waiting, return_exceptions=True)

    assert sorted(item for batch in carrier.batches for item in batch) == ["a", "b", "c", "d"]


async def test_whoever_was_to_go_on_and_is_called_off_passes_it_on() -> None:
    carrier = Carrier()
    together = GroupCommit(carrier)
    first = await begun(together, "a")
    waiting = await begun(together, "b", "c")

    carrier.before_it_returns = waiting[0].cancel  # "b" is asked to carry on, and has not begun
    for _ in range(2):
        carrier.go_on.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*first, waiting[1])

    assert waiting[0].cancelled()
    assert carrier.batches == [["a"], ["b", "c"]]


async def test_a_carrier_that_is_called_off_leaves_the_next_batch_to_others() -> None:
    carrier = Carrier()
    together = GroupCommit(carrier)
    (first,) = await begun(together, "a")
    waiting = await begun(together, "b")

    first.cancel()
    carrier.go_on.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)

    assert carrier.batches == [["a"], ["b"]]
