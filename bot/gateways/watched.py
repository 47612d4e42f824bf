"""Calls of the Bot API, each counted by how it ended."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from bot.gateways.telegram import (
    BlockedError,
    Calls,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from bot.watch import Ending, Watch

_RESULTS: Mapping[type[TelegramError], str] = {
    RetryAfterError: "retry_after",
    BlockedError: "blocked",
    UnreachableError: "unreachable",
}
"""All others are refusals."""


class WatchedCalls:
    """Fills `Calls` by another that does."""

    def __init__(self, calls: Calls, watch: Watch) -> None:
        self._calls = calls
        self._watch = watch

    async def call(self, method: str, **parameters: object) -> Any:
        if self._watch.traces is None:
            return await self._counted(method, Ending(), parameters)
        with self._watch.traces.call(method) as ending:
            return await self._counted(method, ending, parameters)

    async def _counted(self, method: str, ending: Ending, parameters: Mapping[str, object]) -> Any:
        began = perf_counter()
        try:
            result = await self._calls.call(method, **parameters)
        except TelegramError as error:
            ending.name = _RESULTS.get(type(error), "refused")
            self._count(method, ending.name, began)
            raise
        ending.name = "ok"
        self._count(method, ending.name, began)
        return result

    def _count(self, method: str, result: str, began: float) -> None:
        answered = result != "unreachable"
        self._watch.called(method, result, perf_counter() - began, answered=answered)
