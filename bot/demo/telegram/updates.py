"""Delivers updates to the bot: by webhook, in order per chat, or by long polling."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import aiohttp

from bot.demo.telegram.answer import Json, bad_request, conflict
from bot.demo.telegram.arguments import Arguments
from state.ports import Clock

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of updates that a bot gets only if it requests them."""
LONGEST_PAUSE = 30.0
POST_TIMEOUT = aiohttp.ClientTimeout(total=60)
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """The webhook that the bot set."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    allowed: tuple[str, ...] = ()
    """Requested kinds of updates; empty: all but those in `UNASKED`."""
    failed_at: int | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    chat_id: int
    body: Json


class Updates:
    """Queue of unconfirmed updates with increasing ids; a failed delivery is retried."""

    def __init__(self, *, clock: Clock, retry_pause: float = 0.5) -> None:
        self._clock = clock
        self._retry_pause = retry_pause
        self._pending: dict[int, _Pending] = {}
        self._last_id = 100_000
        self._webhook = Webhook()
        self._couriers: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._poll = 0
        self._news = asyncio.Event()
        self.webhook_set = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=POST_TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        for courier in self._couriers.values():
            courier.cancel()
        await asyncio.gather(*self._couriers.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def methods(self) -> Mapping[str, Callable[[Arguments], Any]]:
        return {
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": lambda _: self.webhook_info(),
        }

    def add(self, kind: str, payload: Json, *, chat_id: int) -> None:
        allowed = self._webhook.allowed
        if kind not in allowed if allowed else kind in UNASKED:
            return
        self._last_id += 1
        body = {"update_id": self._last_id, kind: payload}
        self._pending[self._last_id] = _Pending(chat_id=chat_id, body=body)
        self._announce()
        self._send_courier(chat_id)

    # ------------------------------------------------------------ webhook

    def set_webhook(self, arguments: Arguments) -> bool:
        secret, url = arguments.text("secret_token"), arguments.text("url")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if url and not url.startswith(("https://", "http://")):
            raise bad_request("bad webhook: invalid webhook URL specified")
        self._remember_allowed(arguments)
        self._drop_if_asked(arguments)
        self._webhook = Webhook(
            url=url,
            secret=secret,
            max_connections=arguments.integer("max_connections") or 40,
            allowed=self._webhook.allowed,
        )
        self._announce()
        for chat_id in {each.chat_id for each in self._pending.values()}:
            self._send_courier(chat_id)
        if url:
            self.webhook_set.set()
        return True

    def delete_webhook(self, arguments: Arguments) -> bool:
        self._drop_if_asked(arguments)
        self._webhook = Webhook(allowed=self._webhook.allowed)
        return True

    def webhook_info(self) -> Json:
        hook = self._webhook
        failure = {"last_error_date": hook.failed_at, "last_error_message": hook.failure}
        return {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
            **({"max_connections": hook.max_connections} if hook.url else {}),
            **({"allowed_updates": list(hook.allowed)} if hook.allowed else {}),
            **(failure if hook.failed_at is not None else {}),
        }

    def _remember_allowed(self, arguments: Arguments) -> None:
        asked = arguments.json("allowed_updates")
        if asked is not None:
            self._webhook = replace(self._webhook, allowed=tuple(asked))

    def _drop_if_asked(self, arguments: Arguments) -> None:
        if arguments.flag("drop_pending_updates"):
            self._pending.clear()

    def _send_courier(self, chat_id: int) -> None:
        if self._webhook.url and chat_id not in self._couriers:
            courier = asyncio.get_running_loop().create_task(self._carry(chat_id))
            self._couriers[chat_id] = courier

    async def _carry(self, chat_id: int) -> None:
        pause = self._retry_pause
        try:
            while self._webhook.url and (head := self._head(chat_id)) is not None:
                if await self._post(head):
                    self._pending.pop(head, None)
                    pause = self._retry_pause
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            del self._couriers[chat_id]

    def _head(self, chat_id: int) -> int | None:
        return next((i for i, each in self._pending.items() if each.chat_id == chat_id), None)

    async def _post(self, update_id: int) -> bool:
        hook, session = self._webhook, self._session
        if session is None:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        body = self._pending[update_id].body
        try:
            async with session.post(hook.url, json=body, headers=headers) as response:
                await response.read()
                if response.ok:
                    return True
                failure = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = f"Connection failed: {error}"
        failed_at = int(self._clock.now().timestamp())
        self._webhook = replace(self._webhook, failed_at=failed_at, failure=failure)
        return False

    # ------------------------------------------------------------ long polling

    async def get_updates(self, arguments: Arguments) -> list[Json]:
        if self._webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._remember_allowed(arguments)
        self._poll += 1
        self._announce()  # wakes an older poller, which then finds that it is not the latest
        mine = self._poll
        self._confirm(arguments.integer("offset") or 0)
        limit = min(arguments.integer("limit") or BATCH, BATCH)
        try:
            async with asyncio.timeout(arguments.integer("timeout") or 0):
                while not self._pending and mine == self._poll:
                    await self._news.wait()
        except TimeoutError:
            return []
        if mine != self._poll:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        return [each.body for each in self._pending.values()][:limit]

    def _confirm(self, offset: int) -> None:
        first = offset if offset >= 0 else self._last_id + 1 + offset
        for update_id in [each for each in self._pending if each < first]:
            del self._pending[update_id]

    def _announce(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
