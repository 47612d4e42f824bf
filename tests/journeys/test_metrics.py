"""What a conversation leaves in the counters, and where they can be read."""

from pathlib import Path

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.app import running
from tests.journeys.test_polling_and_webhook import free_port, settings_at
from tests.support.chat import Conversation, Scene
from tests.support.emulator import Messenger, until
from tests.support.metric_samples import reading


async def test_a_verification_is_counted_step_by_step(scene: Scene, ada: Conversation) -> None:
    metrics = scene.parts.monitor.metrics
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.key(ada.code)

    steps = ("asked", "placed", "answered", "acknowledged", "code_tried", "verified", "locked")
    assert {step: reading(metrics, "verification_steps_total", step=step) for step in steps} == {
        "asked": 1,
        "placed": 1,
        "answered": 1,
        "acknowledged": 1,
        "code_tried": 2,
        "verified": 1,
        "locked": 0,
    }
    assert reading(metrics, "verification_ends_total", how="verified") == 1


async def test_answers_turns_and_deliveries_are_counted(scene: Scene, ada: Conversation) -> None:
    metrics = scene.parts.monitor.metrics

    await ada.say("how do I verify my phone?")
    await ada.say("xyzzy plugh")
    await ada.press("Browse topics")

    assert reading(metrics, "answers_total", kind="found") == 1
    assert reading(metrics, "answers_total", kind="nothing") == 1
    assert reading(metrics, "turns_total", kind="message", result="done") == 2
    assert reading(metrics, "turns_total", kind="callback_query", result="done") == 1
    assert reading(metrics, "deliveries_total", queue="chats", outcome="delivered") == 3
    assert reading(metrics, "reply_seconds_count") == 3


async def test_a_polling_bot_serves_health_and_metrics(sqlite_url: str, tmp_path: Path) -> None:
    messenger, port = Messenger(), free_port()
    async with TestServer(messenger.app()) as server, ClientSession() as http:
        await messenger.say("/start", 1)
        async with running(settings_at(server, sqlite_url, tmp_path, internal_port=port)):
            await until(lambda: len(messenger.said) == 1)
            ready = await http.get(f"http://127.0.0.1:{port}/health/ready")
            counted = await (await http.get(f"http://127.0.0.1:{port}/metrics")).text()

    assert ready.status == 200
    assert 'helpdesk_turns_total{kind="message",result="done"} 1.0' in counted
    assert 'helpdesk_telegram_calls_total{method="sendMessage",result="ok"}' in counted
    assert 'helpdesk_outbox_oldest_seconds{queue="chats"}' in counted
