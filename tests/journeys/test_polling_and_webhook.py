"""The whole bot, really running in front of a Bot API that others wrote."""

import json
import socket
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.app import running
from bot.settings import Settings, SettingsError
from state.model.work import Incoming
from tests.support.databases import opened
from tests.support.emulator import ADA, CHAT, Messenger, until
from tests.support.fakes import START
from tests.support.scenes import few_articles, settings_for


def settings_at(server: BaseTestServer, url: str, folder: Path, **changes: object) -> Settings:
    quiet = {"public_url": None, "api_tokens": (), "voice": "none"}
    return settings_for(
        url,
        **{
            "telegram_api": f"http://127.0.0.1:{server.port}",
            "articles": few_articles(folder / "articles"),
            **quiet,
            **changes,
        },
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_conversation_works_over_polling(sqlite_url: str, tmp_path: Path) -> None:
    messenger = Messenger()
    async with TestServer(messenger.app()) as server:
        settings = settings_at(server, sqlite_url, tmp_path)
        await messenger.say("/start", 1)
        async with running(settings):
            await until(lambda: len(messenger.said) == 1)
            await messenger.say("how do I verify my phone?", 2)
            await messenger.say("/verify", 3)
            await until(lambda: len(messenger.said) == 3)
            await messenger.press("t:")
            await until(lambda: len(messenger.said) == 4)
            await until(lambda: "answerCallbackQuery" in messenger.methods)

    assert [one["text"].splitlines()[0] for one in messenger.said] == [
        "<b>Hello! This is Test Desk.</b>",
        "<b>Verifying your phone number</b>",
        "<b>I can't place calls at the moment.</b>",
        "<b>Topics</b>",
    ]
    assert messenger.refusals == []


async def test_a_conversation_works_over_a_webhook(sqlite_url: str, tmp_path: Path) -> None:
    messenger, port = Messenger(allow_insecure_loopback_webhooks=True), free_port()
    async with TestServer(messenger.app()) as server:
        settings = settings_at(
            server, sqlite_url, tmp_path, public_url=f"http://127.0.0.1:{port}", port=port
        )
        async with running(settings):
            await messenger.say("/start", 1)
            await until(lambda: len(messenger.said) == 1)

    assert "Hello! This is Test Desk." in messenger.said[0]["text"]
    assert messenger.methods.count("setWebhook") == 1
    assert "getUpdates" not in messenger.methods


async def test_updates_stored_before_a_crash_are_answered_after_the_restart(
    sqlite_url: str, tmp_path: Path
) -> None:
    message = {"message_id": 1, "date": 0, "chat": CHAT, "from": ADA, "text": "hello"}
    stored = Incoming(
        update_id=5,
        lane="chat:1001",
        payload=json.dumps({"update_id": 5, "message": message}),
        received_at=START,
    )
    async with opened(sqlite_url) as database:
        await database.inbox_queue.store([stored])
    messenger = Messenger()

    async with (
        TestServer(messenger.app()) as server,
        running(settings_at(server, sqlite_url, tmp_path)),
    ):
        await until(lambda: len(messenger.said) == 1)

    assert messenger.said[0]["text"].startswith("Hello!")


@pytest.mark.attack("T51")
@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"token": None}, "HELPDESK_TOKEN is missing"),
        ({"peppers": None}, "HELPDESK_PEPPERS is missing"),
        ({"webhook_secret": None}, "HELPDESK_WEBHOOK_SECRET is missing"),
        ({"public_url": None}, "HELPDESK_PUBLIC_URL is missing"),
        ({"twilio_account_sid": None}, "HELPDESK_TWILIO_ACCOUNT_SID is missing"),
        ({"twilio_auth_token": None}, "HELPDESK_TWILIO_AUTH_TOKEN is missing"),
        ({"twilio_from": None}, "HELPDESK_TWILIO_FROM is missing"),
    ],
)
async def test_the_bot_does_not_start_without_required_settings(
    sqlite_url: str, changes: dict[str, object], missing: str
) -> None:
    with pytest.raises(SettingsError, match=missing):
        async with running(settings_for(sqlite_url, **changes)):
            pass


async def test_a_token_refused_by_telegram_is_named(sqlite_url: str, tmp_path: Path) -> None:
    async def refuse(request: web.Request) -> web.Response:
        body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        return web.json_response(body, status=401)

    app = web.Application()
    app.add_routes([web.post("/{rest:.*}", refuse)])
    async with TestServer(app) as server:
        with pytest.raises(SettingsError, match="HELPDESK_TOKEN is refused by Telegram"):
            async with running(settings_at(server, sqlite_url, tmp_path)):
                pass
