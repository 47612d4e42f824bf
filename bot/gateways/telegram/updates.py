"""Receives updates, by long polling or a webhook."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

from aiogram.types import Update

from bot.gateways.telegram.client import (
    BotApiCalls,
    ConflictError,
    RefusedError,
    RefusedTokenError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from bot.telemetry.monitor import Monitor

log = logging.getLogger(__name__)

ALLOWED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
LONG_POLL = 25
"""Seconds that Telegram holds a poll open while there are no updates."""
_LONGEST_PAUSE = 30
TROUBLE_AFTER = 60.0
"""Seconds without a successful poll that count as trouble."""
CHECK_WEBHOOK_EVERY = 180.0
"""Seconds between two checks that the webhook is still ours."""

Alarmed: TypeAlias = Callable[[], Awaitable[None]]
"""Called when another program takes this bot's updates, to tell the operators."""


async def _not_alarmed() -> None:
    """An `Alarmed` that tells nobody."""


SAID = frozenset({"message", "edited_message", "callback_query"})
"""Kinds of updates whose sender waits for a reply."""


def kind_of(update: Update) -> str:
    """Name of the update's kind, such as "message"; "other" for one that is not requested."""
    return next((kind for kind in ALLOWED if getattr(update, kind) is not None), "other")


def is_private_message(chat_id: int, update: str) -> bool:
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


async def get_me(calls: BotApiCalls) -> dict[str, Any]:
    """Result of `getMe`, retried until Telegram is reachable.

    RefusedTokenError if the token is wrong.
    """
    try:
        return dict(await _reached(calls, "getMe"))
    except RefusedError as error:
        raise RefusedTokenError(str(error)) from None


async def set_webhook(calls: BotApiCalls, url: str, secret: str) -> None:
    """Set the webhook to `url`, retried until Telegram is reachable. RefusedError if refused."""
    await _reached(calls, "setWebhook", **_webhook(url, secret))


def _webhook(url: str, secret: str) -> dict[str, object]:
    """Parameters of `setWebhook`."""
    return {
        "url": url,
        "secret_token": secret,
        "allowed_updates": ALLOWED,
        "max_connections": 40,
    }


async def delete_webhook(calls: BotApiCalls) -> None:
    """Delete the webhook, since Telegram refuses polling while one is set."""
    await _reached(calls, "deleteWebhook")


async def _reached(calls: BotApiCalls, method: str, **parameters: object) -> Any:
    """Call the method, retried with back-off until Telegram is reachable.

    RefusedError or RefusedTokenError if refused.
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

    def __init__(
        self,
        calls: BotApiCalls,
        monitor: Monitor,
        *,
        alarmed: Alarmed = _not_alarmed,
        trouble_after: float = TROUBLE_AFTER,
    ) -> None:
        self._calls = calls
        self._monitor = monitor
        self._alarmed = alarmed
        self._deaf_after = trouble_after
        self._failures = 0

    async def fetch(self, offset: int | None) -> list[Any]:
        """Updates from `offset` on; an empty list if there are none yet, or after a failure."""
        self._monitor.expect_updates(within=self._deaf_after)
        try:
            updates = await self._calls.call(
                "getUpdates", offset=offset, timeout=LONG_POLL, allowed_updates=ALLOWED
            )
        except TelegramError as error:
            await self._wait(error)
            return []
        self._failures = 0
        self._monitor.updates_arrived()
        return list(updates)

    def stand_by(self) -> None:
        """Another process polls: this one expects no updates."""
        self._monitor.expect_updates(within=None)

    async def _wait(self, error: TelegramError) -> None:
        self._failures += 1
        self._monitor.updates_failed(str(error))
        pause = min(2**self._failures, _LONGEST_PAUSE)
        if isinstance(error, RetryAfterError):
            pause = error.seconds
        if isinstance(error, ConflictError):
            await self._resolve(error)
        log.warning("no updates for now, trying again in %s s: %s", pause, error)
        await asyncio.sleep(pause)

    async def _resolve(self, error: ConflictError) -> None:
        """Delete a webhook that was set meanwhile; another poller can only be reported.

        One conflict with a poller may be the end of our own last poll before a restart.
        """
        if "webhook is active" in str(error):
            log.error("somebody set a webhook for this token; it is deleted, to poll again")
            with suppress(TelegramError):
                await self._calls.call("deleteWebhook")
            await self._alarmed()
        elif self._failures > 1:
            log.error("another process polls with this token; only one may")
            await self._alarmed()


class WebhookKeeper:
    """Checks that Telegram still pushes updates to our webhook, and sets it again if not."""

    def __init__(
        self,
        calls: BotApiCalls,
        monitor: Monitor,
        *,
        url: str,
        secret: str,
        alarmed: Alarmed = _not_alarmed,
    ) -> None:
        self._calls = calls
        self._monitor = monitor
        self._url = url
        self._secret = secret
        self._alarmed = alarmed

    async def run(self, pause: float = CHECK_WEBHOOK_EVERY) -> None:
        """Check every `pause` seconds, until cancelled."""
        while True:
            self._monitor.expect_updates(within=pause + TROUBLE_AFTER)
            await asyncio.sleep(pause)
            await self.check()

    async def check(self) -> None:
        """Set the webhook again if it was changed or deleted."""
        try:
            if self._is_ours(await self._calls.call("getWebhookInfo")):
                self._monitor.updates_arrived()
                return
            log.error("somebody changed or deleted the webhook of this token; it is set again")
            await self._calls.call("setWebhook", **_webhook(self._url, self._secret))
        except TelegramError as error:
            log.warning("the webhook could not be checked: %s", error)
            self._monitor.updates_failed(str(error))
            return
        self._monitor.updates_arrived()
        await self._alarmed()

    def _is_ours(self, info: dict[str, Any]) -> bool:
        """Whether address and kinds of updates are those that we set."""
        kinds = set(info.get("allowed_updates") or ALLOWED)
        return info.get("url") == self._url and kinds >= set(ALLOWED)
