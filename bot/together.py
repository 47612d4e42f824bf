"""Work that commits together: whoever comes while a batch is under way joins the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Hands what was added to `carry` in batches, one batch at a time, in order.

    A commit that waits for the disk costs the same for one as for many.
    """

    def __init__(self, carry: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._carry = carry
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []

    async def add(self, item: T) -> None:
        """Returns once the item's batch is through; raises what became of it."""
        through: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, through))
        async with self._turn:
            if not through.done():
                await self._carry_waiting()
        await through

    async def _carry_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            await self._carry([item for item, _ in batch])
        except BaseException as error:
            _settle(batch, error)
            raise
        _settle(batch, None)


def _settle(batch: Sequence[tuple[T, asyncio.Future[None]]], error: BaseException | None) -> None:
    for _, through in batch:
        if through.done():
            continue
        if error is None:
            through.set_result(None)
        else:
            through.set_exception(error)
            through.exception()  # each adder raises it anew; none need be left to look
