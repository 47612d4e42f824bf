"""Work that commits together: whoever comes while a batch is under way joins the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
Pending: TypeAlias = tuple[T, asyncio.Future[bool]]
"""What was added, and whether it is through; False asks whoever added it to carry on."""


class GroupCommit(Generic[T]):
    """Hands what was added to `carry` in batches, one batch at a time, in order.

    A commit that waits for the disk costs the same for one as for many. Whoever finds nobody at it
    carries what waits, and then wakes the first of those who came meanwhile to go on.
    """

    def __init__(self, carry: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._carry = carry
        self._carrying = False
        self._waiting: list[Pending[T]] = []

    async def add(self, item: T) -> None:
        """Returns once the item's batch is through; raises what became of it."""
        through: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, through))
        if self._carrying and await self._is_through(through):
            return
        self._carrying = True
        try:
            await self._carry_waiting()
        finally:
            self._pass_on()

    async def _is_through(self, through: "asyncio.Future[bool]") -> bool:
        """False for whoever has to go on carrying."""
        try:
            return await through
        except asyncio.CancelledError:
            if not through.cancelled() and not through.exception() and not through.result():
                self._pass_on()
            raise

    async def _carry_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            await self._carry([item for item, _ in batch])
        except BaseException as error:
            _settle(batch, error)
            raise
        _settle(batch, None)

    def _pass_on(self) -> None:
        first = next((one for _, one in self._waiting if not one.done()), None)
        self._carrying = first is not None
        if first is not None:
            first.set_result(False)


def _settle(batch: Sequence[Pending[T]], error: BaseException | None) -> None:
    for _, through in batch:
        if through.done():
            continue
        if error is None:
            through.set_result(True)
        else:
            through.set_exception(error)
            through.exception()  # each adder raises it anew; none need be left to look
