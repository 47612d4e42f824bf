"""Answers button presses at once, outside the outbox, since a late answer is useless."""

import asyncio
import contextlib

from aiogram.types import Update

from bot.gateways.telegram.client import BotApiCalls, TelegramError

_ROOM = 200


class CallbackAnswerer:
    """Queue of `answerCallbackQuery` calls, which stop a pressed button's spinner.

    Holds up to 200 presses; more are dropped, and so are failed calls.
    """

    def __init__(self, calls: BotApiCalls) -> None:
        self._calls = calls
        self._presses: asyncio.Queue[str] = asyncio.Queue(_ROOM)

    def answer(self, update: Update) -> None:
        """Queue the answer if the update is a button press; otherwise do nothing."""
        if update.callback_query is not None:
            self.answer_press(update.callback_query.id)

    def answer_press(self, query_id: str) -> None:
        """Queue the answer to this callback query; dropped if the queue is full."""
        with contextlib.suppress(asyncio.QueueFull):
            self._presses.put_nowait(query_id)

    async def run(self) -> None:
        """Send the queued answers, until cancelled."""
        while True:
            query_id = await self._presses.get()
            with contextlib.suppress(TelegramError):
                await self._calls.call("answerCallbackQuery", callback_query_id=query_id)
