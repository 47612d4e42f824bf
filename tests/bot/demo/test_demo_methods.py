from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import FormData

from tests.bot.demo.bench import ADA, TOKEN, TelegramBench, telegram_bench
from tests.bot.demo.schema import faults
from tests.bot.demo.test_demo_forum import CALLS as IN_A_GROUP
from tests.bot.demo.test_demo_forum import REFUSED as REFUSED_IN_A_GROUP

INLINE = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
RICH = 'See <a href="https://a.example">it</a> <tg-time unix="1" format="r">x</tg-time>'


@pytest.fixture
async def bench() -> AsyncIterator[TelegramBench]:
    async with telegram_bench() as bench:
        await bench.result("sendMessage", chat_id=ADA, text="2", reply_markup=INLINE)
        yield bench


CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("getMe", {}, "User"),
    ("getChat", {"chat_id": ADA}, "ChatFullInfo"),
    ("getUpdates", {"offset": 0, "limit": 10}, "Array of Update"),
    ("getWebhookInfo", {}, "WebhookInfo"),
    ("setWebhook", {"url": "", "allowed_updates": ["message"]}, "True"),
    ("deleteWebhook", {}, "True"),
    ("sendMessage", {"chat_id": ADA, "text": RICH, "parse_mode": "HTML"}, "Message"),
    ("sendMessage", {"chat_id": ADA, "text": "x", "reply_markup": INLINE}, "Message"),
    (
        "sendMessage",
        {"chat_id": ADA, "text": "x", "reply_parameters": {"message_id": 1}},
        "Message",
    ),
    ("sendMessage", {"chat_id": ADA, "text": "x", "message_effect_id": "5104841"}, "Message"),
    ("editMessageText", {"chat_id": ADA, "message_id": 2, "text": "x"}, "Message"),
    ("editMessageReplyMarkup", {"chat_id": ADA, "message_id": 2}, "Message"),
    ("deleteMessage", {"chat_id": ADA, "message_id": 1}, "True"),
    ("deleteMessages", {"chat_id": ADA, "message_ids": [1, 2, 99]}, "True"),
    ("sendChatAction", {"chat_id": ADA, "action": "typing"}, "True"),
    (
        "setMessageReaction",
        {"chat_id": ADA, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}]},
        "True",
    ),
    ("setMyCommands", {"commands": [{"command": "help", "description": "Help"}]}, "True"),
    ("getMyCommands", {}, "Array of BotCommand"),
    ("deleteMyCommands", {}, "True"),
    ("setMyName", {"name": "Desk"}, "True"),
    ("getMyName", {}, "BotName"),
    ("setMyDescription", {"description": "Asks"}, "True"),
    ("getMyDescription", {}, "BotDescription"),
    ("setMyShortDescription", {"short_description": "Asks"}, "True"),
    ("getMyShortDescription", {}, "BotShortDescription"),
    ("setChatMenuButton", {"menu_button": {"type": "commands"}}, "True"),
    ("getChatMenuButton", {}, "MenuButton"),
]


@pytest.mark.parametrize(("method", "arguments", "expected"), CALLS)
async def test_every_response_matches_the_schema(
    bench: TelegramBench, method: str, arguments: dict[str, Any], expected: str
) -> None:
    result = await bench.result(method, **arguments)

    assert faults(result, expected) == []


async def test_a_pressed_button_can_be_answered(bench: TelegramBench) -> None:
    query_id = bench.telegram.visitors.press(ADA, 2, "yes")

    result = await bench.result("answerCallbackQuery", callback_query_id=query_id, text="Done")

    assert faults(result, "True") == []
    assert bench.events.all[-1]["text"] == "Done"


async def test_an_inline_query_can_be_answered(bench: TelegramBench) -> None:
    query_id = bench.telegram.visitors.ask_inline(ADA, "connects")

    result = await bench.result("answerInlineQuery", inline_query_id=query_id, results=[])

    assert faults(result, "True") == []


@pytest.mark.parametrize(
    ("method", "field"), [("sendDocument", "document"), ("sendPhoto", "photo")]
)
async def test_a_file_can_be_sent_and_fetched_again(
    bench: TelegramBench, method: str, field: str
) -> None:
    form = FormData({"chat_id": str(ADA), "caption": "<b>x</b>", "parse_mode": "HTML"})
    form.add_field(field, b"content", filename="export.json", content_type="application/json")
    async with bench.http.post(f"{bench.base}/bot{TOKEN}/{method}", data=form) as answer:
        message = (await answer.json())["result"]
    sent = message[field][0] if field == "photo" else message[field]

    file = await bench.result("getFile", file_id=sent["file_id"])
    async with bench.http.get(f"{bench.base}/file/bot{TOKEN}/{file['file_path']}") as fetched:
        content = await fetched.read()

    assert faults(message, "Message") == []
    assert faults(file, "File") == []
    assert content == b"content"


async def test_every_update_matches_the_schema(bench: TelegramBench) -> None:
    visitors = bench.telegram.visitors
    visitors.edit(ADA, 1, "/start again")
    visitors.press(ADA, 2, "yes")
    visitors.share_contact(ADA, visitors.own_card(ADA))
    visitors.ask_inline(ADA, "connects")
    visitors.block(ADA, blocked=True)
    visitors.block(ADA, blocked=False)

    updates = await bench.result("getUpdates")

    assert faults(updates, "Array of Update") == []
    assert [list(each)[1] for each in updates] == [
        "message",
        "edited_message",
        "callback_query",
        "message",
        "inline_query",
        "my_chat_member",
        "my_chat_member",
    ]


async def test_every_method_of_the_server_is_in_the_schema_and_tested(
    bench: TelegramBench,
) -> None:
    tried = {method for method, *_ in (*CALLS, *IN_A_GROUP, *REFUSED_IN_A_GROUP)}
    tried |= {"answerCallbackQuery", "answerInlineQuery", "sendDocument", "sendPhoto", "getFile"}

    assert bench.telegram.method_names == tried


async def test_arguments_may_be_query_form_or_json(bench: TelegramBench) -> None:
    url = f"{bench.base}/bot{TOKEN}/sendmessage"
    markup = '{"inline_keyboard":[[{"text":"Yes","callback_data":"yes"}]]}'

    by_query = await bench.http.get(url, params={"chat_id": str(ADA), "text": "query"})
    by_form = await bench.http.post(
        url, data={"chat_id": str(ADA), "text": "form", "reply_markup": markup}
    )
    by_json = await bench.http.post(
        url, json={"chat_id": str(ADA), "text": "json", "reply_markup": markup}
    )

    assert (await by_query.json())["result"]["text"] == "query"
    assert (await by_form.json())["result"]["reply_markup"] == INLINE
    assert (await by_json.json())["result"]["reply_markup"] == INLINE
    assert {each.status for each in (by_query, by_form, by_json)} == {200}


async def test_the_menu_shows_the_commands_of_the_narrowest_scope_and_own_language(
    bench: TelegramBench,
) -> None:
    for name, extra in (
        ("all", {}),
        ("private", {"scope": {"type": "all_private_chats"}}),
        ("privat", {"scope": {"type": "all_private_chats"}, "language_code": "de"}),
        ("ada", {"scope": {"type": "chat", "chat_id": ADA}}),
    ):
        commands = [{"command": name, "description": name}]
        await bench.result("setMyCommands", commands=commands, **extra)
    profile = bench.telegram.profile

    shown = [profile.commands_for(ADA, "en"), profile.commands_for(1, "de")]

    assert [each[0]["command"] for each in shown] == ["ada", "privat"]
