"""Work that takes too long is not waited for, and not stopped either."""

import asyncio

import pytest

from bot.web.calls import DeadlineRunner


async def test_a_result_within_the_deadline_is_returned() -> None:
    assert await DeadlineRunner(1).wait_for(asyncio.sleep(0, "done")) == "done"


async def test_work_over_the_deadline_continues_in_the_background() -> None:
    finished = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.05)
        finished.set()

    with pytest.raises(TimeoutError):
        await DeadlineRunner(0.01).wait_for(work())

    await asyncio.wait_for(finished.wait(), 1)


async def test_an_error_within_the_deadline_is_raised() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await DeadlineRunner(1).wait_for(work())


async def test_an_error_after_the_deadline_is_logged() -> None:
    async def work() -> None:
        await asyncio.sleep(0.02)
        raise ValueError("too late")

    with pytest.raises(TimeoutError):
        await DeadlineRunner(0.001).wait_for(work())

    await asyncio.sleep(0.05)
