"""Receives updates, by long polling or a webhook."""

import asyncio
import json
import logging
from typing import Any

from aiogram.types import Update

from bot.gateways.telegram.client import (
    BotApiCalls,
    ConflictError,
    RefusedError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)

log = logging.getLogger(__name__)

ALLOWED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
LONG_POLL = 25
"""Seconds that Telegram holds a poll open while there are no updates."""
_LONGEST_PAUSE = 30


SAID = frozenset({"message", "edited_message", "callback_query"})
"""Kinds of updates whose sender waits for a reply."""


def kind_of(update: Update) -> str:
    """Name of the update's kind, such as "message"; "other" for one that is not requested."""
    return next((kind for kind in ALLOWED if getattr(update, kind) is not None), "other")


def is_said_in_private(chat_id: int, update: str) -> bool:
    """Whether the JSON of an unparsable update is a message or press in this private chat.

    Only private chats have positive ids.
    """
    try:
        found = json.loads(update)
    except (ValueError, RecursionError):
        return False
    said = [found[kind] for kind in SAID if kind in found] if isinstance(found, dict) else []
    return chat_id > 0 and any(chat_id in _ids(one) for one in said)


def _ids(said: object) -> list[object]:
    """Ids of chat and sender, which are equal in a private chat."""
    places = [said.get("chat"), said.get("from")] if isinstance(said, dict) else []
    return [one.get("id") for one in places if isinstance(one, dict)]


class RefusedTokenError(Exception):
    """Telegram does not accept the bot token."""


async def introduction(calls: BotApiCalls) -> dict[str, Any]:
    """Result of `getMe`, retried until Telegram is reachable.

    RefusedTokenError if the token is wrong.
    """
    try:
        return dict(await _reached(calls, "getMe"))
    except RefusedError as error:
        raise RefusedTokenError(str(error)) from None


async def push_to(calls: BotApiCalls, url: str, secret: str) -> None:
    """Set the webhook to `url`, retried until Telegram is reachable. RefusedError if refused."""
    await _reached(
        calls,
        "setWebhook",
        url=url,
        secret_token=secret,
        allowed_updates=ALLOWED,
        max_connections=40,
    )


async def poll_only(calls: BotApiCalls) -> None:
    """Delete the webhook, since Telegram refuses polling while one is set."""
    await _reached(calls, "deleteWebhook")


async def _reached(calls: BotApiCalls, method: str, **parameters: object) -> Any:
    """Call the method, retried with back-off until Telegram is reachable.

    RefusedError if refused.
    """
    pause = 1
    while True:
        try:
            return await calls.call(method, **parameters)
        except (UnreachableError, RetryAfterError) as error:
            log.warning("Telegram can't be reached, trying again in %s s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


class LongPolling:
    """Fetches batches of updates, with back-off after failures."""

    def __init__(self, calls: BotApiCalls) -> None:
        self._calls = calls
        self._failures = 0

    async def fetch(self, offset: int | None) -> list[Any]:
        """Updates from `offset` on; an empty list if there are none yet, or after a failure."""
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
