"""What is worthless late is sent at once, past the outbox, and dropped when it can't be."""

import asyncio
import contextlib

from aiogram.types import Update

from bot.gateways.telegram.client import Calls, TelegramError

_ROOM = 200


class Courtesy:
    """Tells Telegram that a button press arrived, so that the button stops spinning."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._presses: asyncio.Queue[str] = asyncio.Queue(_ROOM)

    def answer(self, update: Update) -> None:
        """Nothing to do unless it is a press."""
        if update.callback_query is not None:
            self.answer_press(update.callback_query.id)

    def answer_press(self, query_id: str) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._presses.put_nowait(query_id)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            query_id = await self._presses.get()
            with contextlib.suppress(TelegramError):
                await self._calls.call("answerCallbackQuery", callback_query_id=query_id)
