"""Leaves Telegram alone for as long as it asked, whoever wants to write meanwhile."""

import math
from typing import Any

from bot.gateways.telegram import Calls, RetryAfterError
from bot.pace import CHAT, Pace


class PoliteCalls:
    """The Bot API, with a memory for what it asked."""

    def __init__(self, calls: Calls, pace: Pace) -> None:
        self._calls = calls
        self._pace = pace

    async def call(self, method: str, **parameters: object) -> Any:
        """RetryAfterError without asking, while a wait is not over."""
        lane = f"{CHAT}{parameters.get('chat_id')}"
        left = self._pace.told_to_wait(lane)
        if left > 0:
            raise RetryAfterError(math.ceil(left))
        try:
            result = await self._calls.call(method, **parameters)
        except RetryAfterError as error:
            self._pace.refused(lane, error.seconds)
            raise
        self._pace.went_through()
        return result
