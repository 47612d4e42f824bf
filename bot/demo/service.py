"""The marketplace's own service in the demo: serves accounts, receives events."""

import base64
import hmac
import json
from collections import deque
from typing import Any

from aiohttp import web

from bot.demo.people import Snapshot

REMEMBERED = 100


class Service:
    """Routes to pull accounts and to receive webhooks."""

    def __init__(self, *, token: str, secret: str) -> None:
        """`secret`: webhook secret in Standard Webhooks form, `whsec_` and base64."""
        self._token = token
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self.accounts: dict[str, Snapshot] = {}
        self.told: deque[Any] = deque(maxlen=REMEMBERED)
        """Received events, oldest first, without repeats of a message id."""
        self._ids: deque[str] = deque(maxlen=REMEMBERED)

    def routes(self, prefix: str) -> list[web.RouteDef]:
        return [
            web.get(f"{prefix}/freelancers/{{id}}", self._give),
            web.post(f"{prefix}/events", self._take),
            web.get(f"{prefix}/events", self._list),
        ]

    async def _give(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return web.Response(status=401)
        account = self.accounts.get(request.match_info["id"])
        return web.Response(status=404) if account is None else web.json_response(dict(account))

    async def _take(self, request: web.Request) -> web.Response:
        body, message_id = await request.read(), request.headers.get("webhook-id", "")
        stamp = request.headers.get("webhook-timestamp", "")
        signed = f"{message_id}.{stamp}.".encode() + body
        digest = base64.b64encode(hmac.digest(self._key, signed, "sha256")).decode()
        if f"v1,{digest}" not in request.headers.get("webhook-signature", "").split():
            return web.Response(status=401)
        if message_id not in self._ids:
            self._ids.append(message_id)
            self.told.append(json.loads(body))
        return web.Response(status=204)

    async def _list(self, request: web.Request) -> web.Response:
        """Received events, all or those of one freelancer: `?id=f-1001`."""
        wanted = request.query.get("id")
        told = [event for event in self.told if wanted in {None, event["data"]["id"]}]
        return web.json_response(told)
