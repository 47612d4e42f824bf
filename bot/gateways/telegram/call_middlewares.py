"""Bot API middlewares: retry-after waits, topics of private chats, metrics and traces."""

import math
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from bot.gateways.telegram.client import (
    BlockedError,
    BotApiCalls,
    RefusedError,
    RefusedTokenError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from bot.gateways.telegram.forum import is_about_topic
from bot.gateways.telegram.send_rate import CHAT, SendRateLimiter
from bot.telemetry.monitor import UNAUTHORIZED, Monitor, SpanResult

TOKEN_PAUSE = 3.0
"""Seconds without any send after Telegram refused the token."""


class RetryAfterCalls:
    """`Calls` middleware that respects the waits that Telegram asked for.

    After a refused token nothing is sent for `TOKEN_PAUSE`, since every call would be refused.
    """

    def __init__(self, calls: BotApiCalls, send_rate: SendRateLimiter) -> None:
        self._calls = calls
        self._send_rate = send_rate

    async def call(self, method: str, **parameters: object) -> Any:
        """Call the method; RetryAfterError, without a request, during a wait of chat or bot."""
        lane = f"{CHAT}{parameters.get('chat_id')}"
        left = self._send_rate.retry_after(lane)
        if left > 0:
            raise RetryAfterError(math.ceil(left))
        try:
            result = await self._calls.call(method, **parameters)
        except RetryAfterError as error:
            self._send_rate.refused(lane, error.seconds)
            raise
        except RefusedTokenError:
            self._send_rate.pause(TOKEN_PAUSE)
            raise
        self._send_rate.succeeded()
        return result


class PrivateTopicCalls:
    """`Calls` middleware for topics in private chats, which their person may delete or close."""

    def __init__(self, calls: BotApiCalls) -> None:
        self._calls = calls

    async def call(self, method: str, **parameters: object) -> Any:
        """Call the method; if the topic is gone or closed, again without it."""
        chat_id = parameters.get("chat_id")
        try:
            return await self._calls.call(method, **parameters)
        except RefusedError as error:
            in_private = isinstance(chat_id, int) and chat_id > 0
            in_topic = parameters.get("message_thread_id") is not None
            if not (in_private and in_topic and is_about_topic(error)):
                raise
        return await self._calls.call(method, **{**parameters, "message_thread_id": None})


_RESULTS: Mapping[type[TelegramError], str] = {
    RetryAfterError: "retry_after",
    BlockedError: "blocked",
    RefusedTokenError: UNAUTHORIZED,
    UnreachableError: "unreachable",
}
"""Metric label of each error; any other error is "refused"."""


class InstrumentedCalls:
    """`Calls` middleware that counts, times and traces each call."""

    def __init__(self, calls: BotApiCalls, monitor: Monitor) -> None:
        self._calls = calls
        self._monitor = monitor

    async def call(self, method: str, **parameters: object) -> Any:
        if self._monitor.traces is None:
            return await self._counted(method, SpanResult(), parameters)
        with self._monitor.traces.call(method) as ending:
            return await self._counted(method, ending, parameters)

    async def _counted(
        self, method: str, ending: SpanResult, parameters: Mapping[str, object]
    ) -> Any:
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
        self._monitor.count_call(method, result, perf_counter() - began, answered=answered)
