"""Fake of the Telegram Gateway API, as strict as the real one."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, web

from tests.support.provider_protocols import Door, Outcome

TOKEN = "AAEFAAAAQKI_mDsJppSEQRr3kLOz9SatBxq48BgQLSHLRv"
KNOWN = {
    "checkSendAbility": {"phone_number"},
    "sendVerificationMessage": {
        "phone_number",
        "request_id",
        "sender_username",
        "code",
        "code_length",
        "callback_url",
        "payload",
        "ttl",
    },
    "checkVerificationStatus": {"request_id", "code"},
    "revokeVerificationMessage": {"request_id"},
}

_ANSWERS: dict[Outcome, tuple[int, object]] = {
    Outcome.NUMBER_REFUSED: (200, {"ok": False, "error": "PHONE_NUMBER_NOT_FOUND"}),
    Outcome.LOGIN_REFUSED: (200, {"ok": False, "error": "ACCESS_TOKEN_INVALID"}),
    Outcome.NO_ROOM: (200, {"ok": False, "error": "FLOOD_WAIT_7"}),
    Outcome.BROKEN: (502, "<html>"),
}


class GatewayError(Exception):
    """Refusal of a request; its text is the `error` field of the response."""


@dataclass(slots=True)
class Gateway:
    """Records requests and answers with prepared responses, or like the real API."""

    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[int, object]] = field(default_factory=list)
    """Status and body of the next responses."""
    unreachable: set[str] = field(default_factory=set)
    """Numbers without a Telegram account."""
    charged: int = 0
    able: set[str] = field(default_factory=set)
    """Requests paid for by the ability check and not sent yet."""
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    counted: list[tuple[str, str]] = field(default_factory=list)
    """Ids of messages with the codes reported as used."""
    revoked: list[str] = field(default_factory=list)

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/{method}", self._take)])
        return app

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]

    @property
    def code(self) -> str:
        """The newest code delivered."""
        return list(self.sent.values())[-1]["code"]

    @property
    def request_id(self) -> str:
        return list(self.sent)[-1]

    @property
    def brought(self) -> list[tuple[str, str]]:
        """Pairs of number and code delivered to it."""
        return [(form["phone_number"], form["code"]) for form in self.sent.values()]

    def settings(self, address: str) -> dict[str, object]:
        return {"gateway_token": TOKEN, "gateway_api": address}

    def will_be(self, outcome: Outcome) -> None:
        self.answers.append(_ANSWERS[outcome])

    async def post_report(
        self, door: Door, path: str, status: str, *, at: float, forged: bool
    ) -> int:
        """Post a report on the last message; returns the HTTP status of the desk's response."""
        signature = "f" * 64 if forged else None
        answer = await post_report(door, path, self.report(status, 1), at=at, signature=signature)
        return answer.status

    async def _take(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((method, form))
        if self.answers:
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)
        try:
            login = request.headers.get("Authorization")
            return web.json_response({"ok": True, "result": self._do(login, method, form)})
        except GatewayError as error:
            return web.json_response({"ok": False, "error": str(error)})

    def report(self, status: str, updated_at: int) -> bytes:
        """Body of a report on the last message."""
        payload = self.sent[self.request_id]["payload"]
        return a_report(self.request_id, status, updated_at, payload=payload)

    def _do(self, login: str | None, method: str, form: dict[str, str]) -> object:
        if login != f"Bearer {TOKEN}":
            raise GatewayError("ACCESS_TOKEN_INVALID")
        if method not in KNOWN or form.keys() - KNOWN[method]:
            raise GatewayError("UNKNOWN_METHOD")
        acts: dict[str, Callable[[dict[str, str]], object]] = {
            "checkSendAbility": self._check,
            "sendVerificationMessage": self._send,
            "checkVerificationStatus": self._count,
            "revokeVerificationMessage": self._revoke,
        }
        return acts[method](form)

    def _check(self, form: dict[str, str]) -> object:
        if form["phone_number"] in self.unreachable:
            raise GatewayError("PHONE_NUMBER_NOT_FOUND")
        self.charged += 1
        request_id = f"{self.charged:010d}"
        self.able.add(request_id)
        return {"request_id": request_id, "phone_number": form["phone_number"], "request_cost": 0}

    def _send(self, form: dict[str, str]) -> object:
        code, url = form.get("code", ""), form.get("callback_url", "https://")
        if not (code.isdigit() and 4 <= len(code) <= 8):
            raise GatewayError("CODE_INVALID")
        if not url.startswith("https://") or len(url) > 256:
            raise GatewayError("CALLBACK_URL_INVALID")
        if not 30 <= int(form.get("ttl", "60")) <= 3600:
            raise GatewayError("TTL_INVALID")
        if form.get("request_id", "") not in self.able:
            raise GatewayError("REQUEST_ID_INVALID")
        self.able.discard(form["request_id"])
        self.sent[form["request_id"]] = form
        return {"request_id": form["request_id"], "phone_number": form["phone_number"]}

    def _count(self, form: dict[str, str]) -> object:
        self.counted.append((self._known(form), form.get("code", "")))
        return True

    def _revoke(self, form: dict[str, str]) -> object:
        self.revoked.append(self._known(form))
        return True

    def _known(self, form: dict[str, str]) -> str:
        if form.get("request_id") not in self.sent:
            raise GatewayError("REQUEST_ID_INVALID")
        return form["request_id"]


def sign(timestamp: str, body: bytes, token: str = TOKEN) -> str:
    key = hashlib.sha256(token.encode()).digest()
    return hmac.new(key, f"{timestamp}\n".encode() + body, hashlib.sha256).hexdigest()


def a_report(request_id: str, status: str, updated_at: int, *, payload: str, **more: Any) -> bytes:
    delivery = {"status": status, "updated_at": updated_at}
    named = {"request_id": request_id, "phone_number": "+1", "payload": payload}
    report = {**named, "delivery_status": delivery, **more}
    return json.dumps(report, separators=(",", ":")).encode()


async def post_report(
    door: Door, path: str, body: bytes, *, at: float, signature: str | None = None
) -> ClientResponse:
    stamp = str(int(at))
    headers = {
        "X-Request-Timestamp": stamp,
        "X-Request-Signature": sign(stamp, body) if signature is None else signature,
        "Content-Type": "application/json",
    }
    return await door.post(path, data=body, headers=headers)
