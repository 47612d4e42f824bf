from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot.demo.bench import ADA, BEN, TelegramBench, telegram_bench


@pytest.fixture
async def bench() -> AsyncIterator[TelegramBench]:
    async with telegram_bench() as bench:
        await bench.result("sendMessage", chat_id=ADA, text="2", reply_markup=one_button("yes"))
        yield bench


def one_button(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Yes", "callback_data": data}]]}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
    (
        "sendMessage",
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ("sendMessage", {"text": "x", "reply_markup": one_button("x" * 65)}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": one_button("é" * 33)}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": one_button("")}, "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Yes"}]]}},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
    (
        "sendMessage",
        {"text": "x", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
    ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
    ("deleteMessage", {"message_id": 99}, "message to delete not found"),
    (
        "setMyCommands",
        {"commands": [{"command": "Help me", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    ("sendChatAction", {"action": "thinking"}, "wrong parameter action in request"),
    ("setWebhook", {"url": "ftp://x"}, "bad webhook: invalid webhook URL specified"),
    (
        "setWebhook",
        {"url": "https://x", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
]


@pytest.mark.parametrize(("method", "arguments", "reason"), REFUSED)
async def test_calls_that_telegram_refuses_are_refused(
    bench: TelegramBench, method: str, arguments: dict[str, Any], reason: str
) -> None:
    refusal = await bench.refusal(method, **{"chat_id": ADA, **arguments})

    assert refusal == (400, f"Bad Request: {reason}")


async def test_an_edit_that_changes_nothing_is_refused(bench: TelegramBench) -> None:
    status, description = await bench.refusal(
        "editMessageText", chat_id=ADA, message_id=2, text="2", reply_markup=one_button("yes")
    )

    assert status == 400
    assert description.startswith("Bad Request: message is not modified")


async def test_the_longest_message_is_accepted(bench: TelegramBench) -> None:
    message = await bench.result("sendMessage", chat_id=ADA, text="x" * 4096)

    assert len(message["text"]) == 4096


async def test_a_callback_query_can_be_answered_once(bench: TelegramBench) -> None:
    query_id = bench.telegram.visitors.press(ADA, 2, "yes")
    await bench.result("answerCallbackQuery", callback_query_id=query_id)

    second = await bench.refusal("answerCallbackQuery", callback_query_id=query_id)

    assert second == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )


async def test_a_bot_cannot_write_to_a_person_who_blocked_it(bench: TelegramBench) -> None:
    bench.telegram.visitors.block(ADA, blocked=True)

    refusal = await bench.refusal("sendMessage", chat_id=ADA, text="x")

    assert refusal == (403, "Forbidden: bot was blocked by the user")


async def test_a_bot_cannot_write_first_to_a_person(bench: TelegramBench) -> None:
    refusal = await bench.refusal("sendMessage", chat_id=BEN, text="x")

    assert refusal == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_an_old_message_cannot_be_deleted(bench: TelegramBench) -> None:
    bench.clock.forward(hours=49)

    refusal = await bench.refusal("deleteMessage", chat_id=ADA, message_id=1)

    assert refusal == (400, "Bad Request: message can't be deleted for everyone")


async def test_an_unknown_method_is_not_found(bench: TelegramBench) -> None:
    status, _ = await bench.refusal("sendNothing")

    assert status == 404


async def test_a_wrong_token_is_unauthorized(bench: TelegramBench) -> None:
    refusal = await bench.refusal("getMe", token="7000000001:wrong")

    assert refusal == (401, "Unauthorized")


async def test_a_busy_telegram_returns_retry_after_and_enforces_it(bench: TelegramBench) -> None:
    bench.telegram.flood.set_busy(busy=True)
    await bench.refusal("sendMessage", chat_id=ADA, text="x")
    bench.clock.forward(seconds=2)

    early = await bench.call("sendMessage", chat_id=ADA, text="x")

    assert early["error_code"] == 429
    assert early["parameters"] == {"retry_after": 3}


async def test_a_chat_that_is_sent_too_many_messages_gets_retry_after() -> None:
    async with telegram_bench(burst=2) as bench:
        for text in ("one", "two"):
            await bench.result("sendMessage", chat_id=ADA, text=text)

        refused = await bench.refusal("sendMessage", chat_id=ADA, text="three")
        bench.clock.forward(seconds=1)
        accepted = await bench.result("sendMessage", chat_id=ADA, text="three")

        assert refused == (429, "Too Many Requests: retry after 1")
        assert accepted["text"] == "three"
