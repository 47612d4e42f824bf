"""How updates reach the bot: fetched by long polling, or pushed to a webhook."""

import asyncio
import json
import logging
from typing import Any

from aiogram.types import Update

from bot.gateways.telegram.client import (
    Calls,
    ConflictError,
    RefusedError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)

log = logging.getLogger(__name__)

ALLOWED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
LONG_POLL = 25
"""Seconds that Telegram holds an empty answer back."""
_LONGEST_PAUSE = 30


SAID = frozenset({"message", "edited_message", "callback_query"})
"""What somebody waits for an answer to."""


def kind_of(update: Update) -> str:
    """The name of the one field that an update has beside its id."""
    return next((kind for kind in ALLOWED if getattr(update, kind) is not None), "other")


def is_said_in_private(chat_id: int, update: str) -> bool:
    """Of an update's JSON that is no `Update`; private chats alone have positive ids."""
    try:
        found = json.loads(update)
    except (ValueError, RecursionError):
        return False
    said = [found[kind] for kind in SAID if kind in found] if isinstance(found, dict) else []
    return chat_id > 0 and any(chat_id in _ids(one) for one in said)


def _ids(said: object) -> list[object]:
    """Of the chat, and of the person who is the chat where one is alone with the bot."""
    places = [said.get("chat"), said.get("from")] if isinstance(said, dict) else []
    return [one.get("id") for one in places if isinstance(one, dict)]


class RefusedTokenError(Exception):
    """Telegram doesn't know the token."""


async def introduction(calls: Calls) -> dict[str, Any]:
    """`getMe`, as soon as Telegram can be reached; RefusedTokenError if it says no."""
    try:
        return dict(await _reached(calls, "getMe"))
    except RefusedError as error:
        raise RefusedTokenError(str(error)) from None


async def push_to(calls: Calls, url: str, secret: str) -> None:
    """Ask Telegram to post updates to `url`."""
    await _reached(
        calls,
        "setWebhook",
        url=url,
        secret_token=secret,
        allowed_updates=ALLOWED,
        max_connections=40,
    )


async def poll_only(calls: Calls) -> None:
    """Telegram gives no updates to a poll while a webhook is set."""
    await _reached(calls, "deleteWebhook")


async def _reached(calls: Calls, method: str, **parameters: object) -> Any:
    """The result, as soon as Telegram can be reached; what it refuses is raised."""
    pause = 1
    while True:
        try:
            return await calls.call(method, **parameters)
        except (UnreachableError, RetryAfterError) as error:
            log.warning("Telegram can't be reached, trying again in %s s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


class LongPolling:
    """Fetches batches; waiting and retrying happen here."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._failures = 0

    async def fetch(self, offset: int | None) -> list[Any]:
        """The updates from `offset` on; an empty list when there are none yet."""
        try:
            updates = await self._calls.call(
                "getUpdates", offset=offset, timeout=LONG_POLL, allowed_updates=ALLOWED
            )
        except TelegramError as error:
            await self._wait(error)
            return []
        self._failures = 0
        return list(updates)

    async def _wait(self, error: TelegramError) -> None:
        self._failures += 1
        pause = min(2**self._failures, _LONGEST_PAUSE)
        if isinstance(error, RetryAfterError):
            pause = error.seconds
        if isinstance(error, ConflictError):
            log.error("another process polls with this token; only one may")
        log.warning("no updates for now, trying again in %s s: %s", pause, error)
        await asyncio.sleep(pause)
