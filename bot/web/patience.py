"""Work that a caller cannot wait for to the end, because they hang up on who answers late."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


class Patience:
    """What takes too long goes on: stopped halfway, nobody could say what became of it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late: set[asyncio.Future[Any]] = set()

    async def wait_for(self, work: Awaitable[T]) -> T:
        """TimeoutError if it takes longer; its result is then to be asked for again."""
        running = asyncio.gather(work)
        self._late.add(running)
        running.add_done_callback(self._forget)
        done, _ = await asyncio.wait({running}, timeout=self._seconds)
        if not done:
            raise TimeoutError
        return running.result()[0]

    def _forget(self, late: asyncio.Future[Any]) -> None:
        self._late.discard(late)
        if not late.cancelled():
            late.exception()  # looked at, so that asyncio does not complain of it
