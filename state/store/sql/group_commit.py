"""Group commit: writers that wait at the same time share one commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeAlias, TypeVar

from state.ports import StaleStateError
from state.store.sql.transaction import Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")
Work: TypeAlias = Callable[[Transaction], Awaitable[Any]]
Result: TypeAlias = tuple[Any, Exception | None]
PendingWork: TypeAlias = tuple[Work, "asyncio.Future[Any]"]

PATIENCE: Final = 0.01
"""Seconds that work may wait to share a commit; a commit costs half a millisecond."""
MOST: Final = 64
"""Most works in one commit; later ones wait for the next."""

RunBulk: TypeAlias = Callable[[Transaction, Sequence[Any]], Awaitable[Sequence[Any]]]
"""Executes one statement for all items; returns a result for each, in their order."""


@dataclass(frozen=True, slots=True)
class BulkWork:
    """A work on one item; those of a kind that share a commit share a statement, too."""

    run: RunBulk
    item: Any

    async def __call__(self, transaction: Transaction) -> Any:
        return (await self.run(transaction, [self.item]))[0]


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Works that are executed as one: several `BulkWork` of a kind, or a single work."""

    works: Sequence[Work]

    async def __call__(self, transaction: Transaction) -> Sequence[Any]:
        """Execute the works; returns their results in order."""
        first = self.works[0]
        if isinstance(first, BulkWork):
            items = [one.item for one in self.works if isinstance(one, BulkWork)]
            return await first.run(transaction, items)
        return [await first(transaction)]


def kind_of(work: Work) -> object:
    """What bulk works that may share a statement have in common; another work is its own kind."""
    return work.run if isinstance(work, BulkWork) else work


def grouped(works: Sequence[Work]) -> Sequence[WorkGroup]:
    """Group neighbours of a kind; the order stays."""
    return [WorkGroup(tuple(each)) for _, each in groupby(works, key=kind_of)]


class GroupCommit:
    """Group commit: the first waiting writer also executes the work of the others.

    A commit waits for the disk, at the same cost for one work as for many. A work that fails is
    rolled back alone; when `run` returns, it is committed, as with a commit of its own.
    """

    def __init__(
        self, write: Callable[[Sequence[Work]], Awaitable[Sequence[Result]]], turn: asyncio.Lock
    ) -> None:
        """`write` commits a batch of works; writers outside the group hold `turn` meanwhile."""
        self._write = write
        self._turn = turn
        self._waiting: list[PendingWork] = []

    async def run(
        self, work: Callable[[Transaction], Awaitable[T]], *, patience: float = 0.0
    ) -> T:
        """Run work in the next group commit.

        `patience`: seconds to wait for a commit that another writer starts.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        mine = (work, done)
        self._waiting.append(mine)
        try:
            if patience:
                await asyncio.wait([done], timeout=patience)
            if not done.done():
                async with self._turn:
                    if not done.done():
                        await self._lead()
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)
        return await done

    async def _lead(self) -> None:
        works, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        kinds: dict[object, int] = {}
        works.sort(key=lambda one: kinds.setdefault(kind_of(one[0]), len(kinds)))
        results: Sequence[Result] = [(None, StaleStateError("the writer was called off"))] * len(
            works
        )
        try:
            results = await self._write([work for work, _ in works])
        except Exception as error:
            log.debug("%s works are undone", len(works), exc_info=True)
            results = [(None, error)] * len(works)
        finally:
            for (_, done), (result, failed) in zip(works, results, strict=True):
                _settle(done, result, failed)


def _settle(done: "asyncio.Future[Any]", result: object, failed: Exception | None) -> None:
    if done.done():
        return
    if failed is None:
        done.set_result(result)
    else:
        done.set_exception(failed)
        done.exception()  # `run` raises it; a cancelled one needs no warning
