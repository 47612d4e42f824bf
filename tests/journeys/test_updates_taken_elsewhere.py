"""Updates stop coming: the bot notices, puts right what it can, and tells the operators."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.app import running
from bot.gateways.telegram.call_middlewares import InstrumentedCalls
from bot.gateways.telegram.client import BotApi
from bot.gateways.telegram.updates import ALLOWED, LongPolling, WebhookKeeper
from bot.telemetry.monitor import Monitor, ProcessPhase
from tests.journeys.test_polling_and_webhook import settings_at
from tests.support.bot_api import HttpBotApi, Refusal
from tests.support.chat import GROUP
from tests.support.emulator import until
from tests.support.fakes import FakeClock
from tests.support.scenes import TOKEN

WEBHOOK_IS_ACTIVE = (
    409,
    (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    ),
)
ANOTHER_POLLER = (
    409,
    (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    ),
)
OURS = "https://desk.example/telegram"


async def test_a_webhook_set_by_another_program_is_deleted_and_staff_are_told(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    api = HttpBotApi()

    def refuse(method: str) -> Refusal | None:
        foreign = method == "getUpdates" and api.webhook
        return WEBHOOK_IS_ACTIVE if foreign else None

    api.refuse = refuse
    async with TestServer(api.app()) as server:
        settings = settings_at(server, sqlite_url, tmp_path, staff_chat_id=GROUP)
        async with running(settings):
            await until(lambda: api.named("getUpdates"))
            api.webhook = {"url": "https://elsewhere.example"}
            await until(lambda: not api.webhook)
            api.say("/start")
            await until(lambda: len(api.named("sendMessage")) == 2)

    chats = {one["chat_id"]: one["text"] for one in api.named("sendMessage")}
    assert "Another program uses this bot" in chats[GROUP]
    assert "Hello" in chats[1001]
    assert "another process polls" not in caplog.text


@dataclass(slots=True)
class Watched:
    """A client of an HTTP Bot API, monitored, that counts alarms."""

    api: HttpBotApi
    calls: InstrumentedCalls
    watch: Monitor
    alarms: int = 0

    async def alarm(self) -> None:
        self.alarms += 1

    def keeper(self) -> WebhookKeeper:
        return WebhookKeeper(self.calls, self.watch, url=OURS, secret="secret", alarmed=self.alarm)


@asynccontextmanager
async def watched(api: HttpBotApi) -> AsyncIterator[Watched]:
    watch = Monitor(FakeClock())
    watch.phase = ProcessPhase.SERVING
    async with (
        TestServer(api.app()) as server,
        BotApi(base_url=f"http://127.0.0.1:{server.port}", token=TOKEN) as calls,
    ):
        yield Watched(api, InstrumentedCalls(calls, watch), watch)


async def test_a_persistent_second_poller_raises_an_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with watched(HttpBotApi(refuse=lambda _: ANOTHER_POLLER)) as desk:
        polling = LongPolling(desk.calls, desk.watch, alarmed=desk.alarm)
        await polling.fetch(None)
        once = desk.alarms
        await polling.fetch(None)

    assert once == 0
    assert desk.alarms == 1
    assert "another process polls with this token" in caplog.text


@pytest.mark.parametrize(
    ("code", "why"), [(401, "Unauthorized"), (409, ANOTHER_POLLER[1]), (502, "Bad Gateway")]
)
async def test_failing_polls_are_a_trouble_until_one_succeeds(code: int, why: str) -> None:
    failing = True
    async with watched(HttpBotApi(refuse=lambda _: (code, why) if failing else None)) as desk:
        desk.api.say("/start")
        polling = LongPolling(desk.calls, desk.watch, trouble_after=0.5)
        await polling.fetch(None)
        found = desk.watch.troubles()
        failing = False
        await polling.fetch(None)
        left = desk.watch.troubles()

    assert [one for one in found if one.startswith("no updates can come: ") and why in one]
    assert left == []


async def test_a_standby_process_expects_no_updates() -> None:
    async with watched(HttpBotApi(refuse=lambda _: (502, "Bad Gateway"))) as desk:
        polling = LongPolling(desk.calls, desk.watch, trouble_after=0.5)
        await polling.fetch(None)
        before = desk.watch.troubles()
        polling.stand_by()

    assert before != []
    assert desk.watch.troubles() == []


async def test_a_refused_token_is_a_trouble_at_once() -> None:
    refused = True
    api = HttpBotApi(refuse=lambda _: (401, "Unauthorized") if refused else None)
    async with watched(api) as desk:
        await asyncio.gather(desk.calls.call("getMe"), return_exceptions=True)
        found = desk.watch.troubles()
        refused = False
        await desk.calls.call("getMe")

    assert found == ["Telegram refuses HELPDESK_TOKEN"]
    assert desk.watch.troubles() == []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"url": "https://elsewhere.example"},
        {"url": OURS, "allowed_updates": ["message"]},
    ],
    ids=["deleted", "another's", "fewer kinds"],
)
async def test_a_changed_webhook_is_set_again(changed: dict[str, object]) -> None:
    async with watched(HttpBotApi(webhook=changed)) as desk:
        await desk.keeper().check()
        await desk.keeper().check()

    [ours] = desk.api.named("setWebhook")
    assert ours["url"] == OURS
    assert ours["secret_token"] == "secret"
    assert ours["allowed_updates"] == list(ALLOWED)
    assert desk.alarms == 1


async def test_a_webhook_that_cannot_be_checked_becomes_a_trouble() -> None:
    async with watched(HttpBotApi(refuse=lambda _: (502, "Bad Gateway"))) as desk:
        desk.watch.expect_updates(within=0.01)
        await desk.keeper().check()
        await asyncio.sleep(0.02)

    assert desk.watch.troubles() == [
        "no updates can come: getWebhookInfo: Bad Gateway",
    ]
