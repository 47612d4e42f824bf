"""How updates reach the bot, when Telegram is there and when it isn't."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.gateways.telegram.callback_answers import CallbackAnswerer
from bot.gateways.telegram.client import (
    ConflictError,
    RefusedError,
    RefusedTokenError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from bot.gateways.telegram.menu import COMMANDS, STAFF_COMMANDS, introduce
from bot.gateways.telegram.updates import (
    ALLOWED,
    LongPolling,
    delete_webhook,
    get_me,
    set_webhook,
)
from bot.presentation.templates import Templating
from bot.telemetry.monitor import Monitor
from tests.support.api_checks import judged
from tests.support.fakes import FakeClock


@dataclass(slots=True)
class Api:
    """Answers from a list, in order, then with True; every call is judged."""

    answers: list[Any] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def call(self, method: str, **parameters: Any) -> Any:
        given = {name: value for name, value in parameters.items() if value is not None}
        self.calls.append((method, given))
        lists = {k: list(v) if isinstance(v, tuple) else v for k, v in given.items()}
        assert judged(method, lists) == []
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, TelegramError):
            raise answer
        return answer


async def test_the_bot_waits_at_start_until_telegram_is_reachable() -> None:
    api = Api([UnreachableError("down"), {"id": 42, "username": "desk_bot"}])

    assert (await get_me(api))["username"] == "desk_bot"


async def test_a_refused_token_is_distinguished_from_an_outage() -> None:
    with pytest.raises(RefusedTokenError):
        await get_me(Api([RefusedError("Unauthorized")]))


async def test_polling_requests_updates_from_the_offset() -> None:
    api = Api([[{"update_id": 7}]])

    assert await LongPolling(api, Monitor(FakeClock())).fetch(7) == [{"update_id": 7}]

    assert api.calls == [("getUpdates", {"offset": 7, "timeout": 25, "allowed_updates": ALLOWED})]


@pytest.mark.parametrize(
    "failure",
    [RetryAfterError(0), ConflictError("two pollers")],
    ids=lambda failure: type(failure).__name__,
)
async def test_a_failed_poll_waits_and_returns_no_updates(failure: TelegramError) -> None:
    api = Api([failure])

    async with asyncio.timeout(5):
        assert await LongPolling(api, Monitor(FakeClock())).fetch(None) == []


async def test_the_webhook_is_set_with_its_secret() -> None:
    api = Api()

    await set_webhook(api, "https://desk.example/telegram", "secret")

    [(method, parameters)] = api.calls
    assert method == "setWebhook"
    assert parameters["secret_token"] == "secret"
    assert parameters["allowed_updates"] == ALLOWED


async def test_polling_deletes_a_webhook() -> None:
    api = Api()

    await delete_webhook(api)

    assert api.calls == [("deleteWebhook", {})]


async def test_menu_and_descriptions_are_set_where_they_differ() -> None:
    api = Api([[], True, {"description": ""}, True, {"short_description": ""}, True])

    await introduce(api, Templating(brand="Test Desk", code_digits=6), "en")

    assert [method for method, _ in api.calls] == [
        "getMyCommands",
        "setMyCommands",
        "getMyDescription",
        "setMyDescription",
        "getMyShortDescription",
        "setMyShortDescription",
    ]
    commands = api.calls[1][1]["commands"]
    assert [one["command"] for one in commands] == list(COMMANDS)
    assert len(api.calls[3][1]["description"]) <= 512
    assert len(api.calls[5][1]["short_description"]) <= 120


async def test_an_unchanged_menu_and_description_are_not_set_again() -> None:
    first = Api([[], True, {"description": ""}, True, {"short_description": ""}, True])
    templating = Templating(brand="Test Desk", code_digits=6)
    await introduce(first, templating, "en")
    told = [first.calls[1][1]["commands"], first.calls[3][1], first.calls[5][1]]

    again = Api(told)
    await introduce(again, templating, "en")

    assert [method for method, _ in again.calls if method.startswith("set")] == []


async def test_button_presses_are_answered_even_after_one_refusal() -> None:
    api = Api([RefusedError("query is too old"), True])
    courtesy = CallbackAnswerer(api)
    courtesy.answer_press("old")
    courtesy.answer_press("new")

    async with asyncio.timeout(5), asyncio.TaskGroup() as background:
        task = background.create_task(courtesy.run())
        while len(api.calls) < 2:  # noqa: ASYNC110 - the calls are the courtesy's affair
            await asyncio.sleep(0.001)
        task.cancel()

    assert api.calls[1] == ("answerCallbackQuery", {"callback_query_id": "new"})


def test_presses_beyond_the_queues_size_are_dropped() -> None:
    courtesy = CallbackAnswerer(Api())

    for n in range(1000):
        courtesy.answer_press(str(n))


async def test_the_staff_group_has_a_menu_of_its_own() -> None:
    people = [[], True, {"description": ""}, True, {"short_description": ""}, True]
    api = Api([*people, [], True])

    await introduce(api, Templating(brand="Test Desk", code_digits=6), "en", -100)

    menu = api.calls[-1][1]
    assert menu["scope"] == {"type": "chat", "chat_id": -100}
    assert [one["command"] for one in menu["commands"]] == list(STAFF_COMMANDS)


async def test_a_refused_menu_stops_nothing() -> None:
    api = Api([RefusedError("no"), RefusedError("chat not found")])

    await introduce(api, Templating(brand="Test Desk", code_digits=6), "en", -100)

    assert [method for method, _ in api.calls] == ["getMyCommands", "getMyCommands"]


@pytest.mark.parametrize(
    ("failure", "settled"),
    [
        (RefusedError("no"), True),
        (UnreachableError("down"), False),
        (RetryAfterError(3), False),
        (RefusedTokenError("Unauthorized"), False),
    ],
)
async def test_menus_are_retried_unless_telegram_refuses_them(
    failure: TelegramError, settled: bool
) -> None:
    assert (
        await introduce(Api([failure]), Templating(brand="Test Desk", code_digits=6), "en")
        is settled
    )
