"""Work that takes too long is not waited for, and not stopped either."""

import asyncio

import pytest

from bot.web.calls import DeadlineRunner


async def test_what_is_done_in_time_is_handed_over() -> None:
    assert await DeadlineRunner(1).wait_for(asyncio.sleep(0, "done")) == "done"


async def test_what_takes_too_long_goes_on() -> None:
    finished = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.05)
        finished.set()

    with pytest.raises(TimeoutError):
        await DeadlineRunner(0.01).wait_for(work())

    await asyncio.wait_for(finished.wait(), 1)


async def test_what_fails_in_time_fails_here() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await DeadlineRunner(1).wait_for(work())


async def test_what_fails_too_late_is_nobodys_surprise() -> None:
    async def work() -> None:
        await asyncio.sleep(0.02)
        raise ValueError("too late")

    with pytest.raises(TimeoutError):
        await DeadlineRunner(0.001).wait_for(work())

    await asyncio.sleep(0.05)
