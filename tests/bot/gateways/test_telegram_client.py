"""The Bot API by HTTP: every answer, and every kind of no answer, has its name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateways.telegram.client import (
    BlockedError,
    BotApi,
    ConflictError,
    Messenger,
    MovedError,
    RefusedError,
    RefusedTokenError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)


@dataclass(slots=True)
class Wire:
    """A server that answers as it is told to."""

    status: int = 200
    body: str = '{"ok": true, "result": {"id": 42}}'
    received: list[tuple[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.received.append((request.path, await request.json()))
        return web.Response(status=self.status, text=self.body, content_type="application/json")


@asynccontextmanager
async def api(wire: Wire) -> AsyncIterator[BotApi]:
    app = web.Application()
    app.add_routes([web.post("/{rest:.*}", wire.answer)])
    async with TestServer(app) as server:
        base = f"http://127.0.0.1:{server.port}"
        async with BotApi(base_url=base, token="42:secret") as calls:
            yield calls


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("<b>" + "a&amp;" * 2048 + "</b>", "<b>" + "a&amp;" * 2048 + "</b>"),
        ("<b>" + "a&amp;" * 2048 + "</b>b", "a&" * 2047 + "a…"),
        ("😀" * 2049, "😀" * 2047 + "…"),
    ],
)
async def test_a_message_too_long_for_telegram_is_cut(text: str, sent: str) -> None:
    wire = Wire(body='{"ok": true, "result": {"message_id": 42}}')

    async with api(wire) as calls:
        await Messenger(calls).send(7, text, None)

    assert wire.received[0][1]["text"] == sent
    assert ("parse_mode" in wire.received[0][1]) is (text == sent)


async def test_parameters_that_are_none_are_not_sent() -> None:
    wire = Wire()

    async with api(wire) as calls:
        result = await calls.call("getUpdates", offset=None, timeout=0)

    assert result == {"id": 42}
    assert wire.received == [("/bot42:secret/getUpdates", {"timeout": 0})]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"ok": false, "error_code": 403, "description": "Forbidden"}', BlockedError),
        ('{"ok": false, "error_code": 409, "description": "Conflict"}', ConflictError),
        ('{"ok": false, "error_code": 400, "description": "Bad Request"}', RefusedError),
        ('{"ok": false, "error_code": 404, "description": "Not Found"}', RefusedTokenError),
        ('{"ok": false, "error_code": 502, "description": "Bad Gateway"}', UnreachableError),
        ('{"ok": false}', UnreachableError),
        ('["no object"]', UnreachableError),
        ("<html>502 Bad Gateway</html>", UnreachableError),
        ("", UnreachableError),
    ],
)
async def test_each_kind_of_failure_has_its_exception(
    body: str, error: type[TelegramError]
) -> None:
    async with api(Wire(body=body)) as calls:
        with pytest.raises(error) as raised:
            await calls.call("sendMessage")

    assert type(raised.value) is error
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("parameters", "seconds"), [('{"retry_after": 17}', 17), ("{}", 1)], ids=["told", "not told"]
)
async def test_a_429_response_gives_the_seconds_to_wait(parameters: str, seconds: int) -> None:
    body = f'{{"ok": false, "error_code": 429, "parameters": {parameters}}}'

    async with api(Wire(status=429, body=body)) as calls:
        with pytest.raises(RetryAfterError) as raised:
            await calls.call("sendMessage")

    assert raised.value.seconds == seconds


async def test_a_group_upgraded_to_a_supergroup_gives_its_new_id() -> None:
    body = (
        '{"ok": false, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009},'
        ' "description": "Bad Request: group chat was upgraded to a supergroup chat"}'
    )

    async with api(Wire(status=400, body=body)) as calls:
        with pytest.raises(MovedError) as raised:
            await calls.call("sendMessage")

    assert raised.value.chat_id == -1009


async def test_a_network_error_does_not_reveal_the_token() -> None:
    async with BotApi(base_url="http://127.0.0.1:9", token="42:secret") as calls:
        with pytest.raises(UnreachableError) as raised:
            await calls.call("getMe")

    assert "secret" not in str(raised.value)


async def test_using_the_client_outside_its_context_fails() -> None:
    with pytest.raises(RuntimeError, match="outside its context"):
        await BotApi(base_url="http://127.0.0.1:9", token="42:secret").call("getMe")
