import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.demo.errors import NotNowError
from tests.bot.demo.bench import ADA, BEN, TelegramBench, telegram_bench, until


class Hook:
    """A bot's webhook that fails as often as it is told to."""

    def __init__(self) -> None:
        self.failures = 0
        self.posts = 0
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str] = []
        self.busy: set[int] = set()
        self.overlaps = 0

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        chat_id = update["message"]["chat"]["id"]
        self.overlaps += chat_id in self.busy
        self.busy.add(chat_id)
        await asyncio.sleep(0.005)
        self.busy.discard(chat_id)
        self.posts += 1
        if self.posts <= self.failures:
            return web.Response(status=500)
        self.updates.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        return web.Response()


@pytest.fixture
async def bench() -> AsyncIterator[TelegramBench]:
    async with telegram_bench() as bench:
        yield bench


@pytest.fixture
async def hook(bench: TelegramBench) -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.add_routes([web.post("/hook", hook.take)])
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}/hook"
        await bench.result("setWebhook", url=url, secret_token="s3cret", drop_pending_updates=True)
        yield hook


async def test_updates_of_a_chat_arrive_one_at_a_time_and_in_order(
    bench: TelegramBench, hook: Hook
) -> None:
    for number in range(5):
        bench.telegram.visitors.say(ADA, f"a{number}")
        bench.telegram.visitors.say(BEN, f"b{number}")

    await until(lambda: len(hook.updates) == 10)

    texts = [each["message"]["text"] for each in hook.updates]
    assert [each for each in texts if each[0] == "a"] == ["a0", "a1", "a2", "a3", "a4"]
    assert hook.overlaps == 0
    assert set(hook.secrets) == {"s3cret"}


async def test_a_webhook_update_is_resent_until_it_is_accepted(
    bench: TelegramBench, hook: Hook
) -> None:
    hook.failures = 2
    bench.telegram.visitors.say(ADA, "first")
    bench.telegram.visitors.say(ADA, "second")

    await until(lambda: len(hook.updates) == 2)
    info = await bench.result("getWebhookInfo")

    assert [each["message"]["text"] for each in hook.updates] == ["first", "second"]
    assert hook.posts == 4
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")
    assert info["pending_update_count"] == 0


async def test_updates_of_kinds_that_are_not_allowed_are_dropped(bench: TelegramBench) -> None:
    await bench.result("setWebhook", url="", allowed_updates=["edited_message"])
    message = bench.telegram.visitors.say(ADA, "one")
    bench.telegram.visitors.edit(ADA, message["message_id"], "two")

    updates = await bench.result("getUpdates")

    assert [list(each)[1] for each in updates] == ["message", "edited_message"]
    assert updates[0]["message"]["text"] == "/start"  # from before the choice


async def test_polling_waits_for_an_update_and_confirms_by_offset(bench: TelegramBench) -> None:
    first = (await bench.result("getUpdates"))[0]["update_id"]
    waiting = asyncio.ensure_future(bench.result("getUpdates", offset=first + 1, timeout=5))
    await asyncio.sleep(0.02)
    bench.telegram.visitors.say(ADA, "news")

    updates = await waiting

    assert [each["update_id"] for each in updates] == [first + 1]
    assert await bench.result("getUpdates", offset=first + 2, timeout=0) == []


async def test_a_second_poller_ends_the_first_ones_request(bench: TelegramBench) -> None:
    offset = (await bench.result("getUpdates"))[0]["update_id"] + 1
    first = asyncio.ensure_future(bench.refusal("getUpdates", offset=offset, timeout=5))
    await asyncio.sleep(0.05)
    await bench.result("getUpdates", offset=offset, timeout=0)

    status, description = await first

    assert status == 409
    assert description.startswith("Conflict: terminated by other getUpdates request")


async def test_polling_is_refused_while_a_webhook_is_set(bench: TelegramBench, hook: Hook) -> None:
    status, description = await bench.refusal("getUpdates")

    assert status == 409
    assert description.startswith("Conflict: can't use getUpdates method while webhook is active")


async def test_a_contact_button_shares_the_persons_own_number_without_a_plus(
    bench: TelegramBench,
) -> None:
    keyboard = {"keyboard": [[{"text": "Share", "request_contact": True}]]}
    await bench.result(
        "sendMessage", chat_id=ADA, text="?", reply_markup=keyboard | {"one_time_keyboard": True}
    )

    message = bench.telegram.visitors.tap(ADA, "Share")

    assert message["contact"]["phone_number"] == "12025550123"
    assert message["contact"]["user_id"] == message["from"]["id"] == ADA
    assert bench.telegram.chats.of(ADA).keyboard is None


async def test_a_deep_link_sends_start_with_its_payload(bench: TelegramBench) -> None:
    message = bench.telegram.visitors.open_link(ADA, "abc_DEF-1")

    assert message["text"] == "/start abc_DEF-1"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_removed_button_cannot_be_pressed(bench: TelegramBench) -> None:
    with pytest.raises(NotNowError):
        bench.telegram.visitors.press(ADA, 1, "yes")


async def test_a_person_who_blocked_the_bot_cannot_write(bench: TelegramBench) -> None:
    bench.telegram.visitors.block(ADA, blocked=True)

    with pytest.raises(NotNowError):
        bench.telegram.visitors.say(ADA, "hello")
