"""A minimal Bot API over HTTP, whose answers a test can replace."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

from tests.support.emulator import ADA, CHAT

Refusal: TypeAlias = tuple[int, str]
"""Error code and description."""
RESULTS: dict[str, Any] = {
    "getMe": {"id": 42, "is_bot": True, "first_name": "Desk", "username": "test_desk_bot"},
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}


@dataclass(slots=True)
class HttpBotApi:
    """Answers every call with success, unless `refuse` says otherwise."""

    refuse: Callable[[str], Refusal | None] = lambda _method: None
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    """Parameters of the last `setWebhook`; empty after `deleteWebhook`."""
    updates: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/bot{token}/{method}", self._answer)])
        return app

    def say(self, text: str) -> None:
        number = len(self.calls) + 1
        message = {"message_id": number, "date": 0, "chat": CHAT, "from": ADA, "text": text}
        self.updates.append({"update_id": number, "message": message})

    def named(self, method: str) -> list[dict[str, Any]]:
        """Parameters of the calls of this method."""
        return [parameters for name, parameters in self.calls if name == method]

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        parameters = json.loads(await request.read() or b"{}")
        self.calls.append((method, parameters))
        if refusal := self.refuse(method):
            code, why = refusal
            body = {"ok": False, "error_code": code, "description": why}
            return web.json_response(body, status=code)
        return web.json_response({"ok": True, "result": await self._result(method, parameters)})

    async def _result(self, method: str, parameters: dict[str, Any]) -> Any:
        match method:
            case "getUpdates":
                return await self._fetch(parameters.get("offset") or 0)
            case "getWebhookInfo":
                return {"url": "", **self.webhook, "pending_update_count": 0}
            case "setWebhook":
                self.webhook = parameters
            case "deleteWebhook":
                self.webhook = {}
            case "sendMessage":
                return {"message_id": len(self.calls)}
            case _:
                pass
        return RESULTS.get(method, True)

    async def _fetch(self, offset: int) -> list[dict[str, Any]]:
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                while not self.updates:  # noqa: ASYNC110 - tests append to a list
                    await asyncio.sleep(0.01)
        return self.updates
