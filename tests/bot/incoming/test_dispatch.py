"""Handlers are found as aiogram's own dispatcher finds them, by a shorter way."""

from collections.abc import Mapping
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.types import Message, Update

from bot.incoming import handlers
from bot.incoming.chat_context import reader_of
from bot.incoming.dispatch import KINDS, Dispatch, NamedBot
from bot.incoming.handlers.filters import HasText
from bot.presentation.buttons import (
    OpenProgress,
    Person,
    Rate,
    ShowArticle,
    ShowTopic,
    Theirs,
    Verify,
)
from bot.presentation.reply import Replies
from state.model.channel import Channel
from state.model.staff import StaffId
from state.ports import UnitOfWork
from tests.support.fakes import FakeClock, InMemoryDatabase
from tests.support.scripted import CHAT, USER, a_membership, a_message, a_press

BOT = NamedBot("42:test", "test_desk_bot")
GROUP = {"id": -100200, "type": "supergroup", "title": "Staff"}
CONSTANTS = {
    "policy": None,
    "clock": FakeClock(),
    "channels": frozenset(Channel),
    "contact_links": True,
    "staffed": True,
    "staff_chat": GROUP["id"],
    "staff_address": "",
}


async def nobody(staff_id: StaffId, name: str) -> None:
    """Whom the desk knows as staff."""


SUPPLIES: Mapping[str, object] = {"recognise_staff": nobody}
SAID = (
    "/start",
    "/start ask",
    "/start@test_desk_bot",
    "/start@another_bot",
    "/START",
    "/connects",
    "/connects now",
    "/connectsx",
    "/connects@test_desk_bot please",
    " /connects",
    "/verify",
    "/cancel",
    "/topics",
    "/privacy",
    "/export",
    "/forget",
    "/nudges",
    "/stop",
    "/human",
    "/bot",
    "/staff",
    "/take",
    "/a verify-phone-number",
    "/help",
    "/nonsense",
    "/",
    "",
    "stop",
    "123 456",
    "12345",
    "ABCD-2345",
    "+1 202 555 0123",
    "can I talk to a person",
    "how do I get 40 connects?",
)
PRESSED = (
    *(one.pack() for one in (ShowArticle("a"), ShowTopic(), OpenProgress("why"), Verify("call"))),
    *(one.pack() for one in (Rate("1", "yes"), Rate("1", "no"), Person(), Theirs("export"))),
    "p",
    "p:why:more",
    "unknown:x",
    "",
)


def updates() -> list[dict[str, Any]]:
    found = [a_message(text) for text in SAID] + [a_membership(), a_press()]
    for text in SAID[:12]:
        found.append({"message": {**a_message(text)["message"], "chat": GROUP}})
        found.append({"message": {**a_message(text)["message"], "edit_date": 5}})
    shown = {"message_id": 7, "date": 0, "chat": CHAT}
    found += [
        {"callback_query": {**a_press()["callback_query"], "data": data, "message": shown}}
        for data in PRESSED
    ]
    own = {"phone_number": "12025550123", "first_name": "Ada", "user_id": USER["id"]}
    nothing = {"message_id": 1, "date": 0, "chat": CHAT, "from": USER}
    found += [{"message": {**nothing, "contact": own}}, {"message": nothing}]
    found.append({"message": {**nothing, "contact": {**own, "user_id": 5}}})
    found.append({"message": {**nothing, "caption": "/connects", "photo": []}})
    return found


def named(routers: list[Router]) -> list[Router]:
    """Each handler says only which one it is, and what its filters handed on."""
    for router in routers:
        for kind in KINDS:
            for place, handler in enumerate(router.observers[kind].handlers):
                handler.callback = _saying(f"{router.name} {kind} {place}")
                handler.params, handler.varkw = set(), True
    return routers


def _saying(name: str) -> Any:
    async def say(event: object, **known: object) -> list[object]:
        found = {one: known.get(one) for one in ("press", "code", "number", "command", "staff")}
        return [name, found]

    return say


async def _by_aiogram(dispatcher: Dispatcher, update: Update, unit: UnitOfWork) -> object:
    reader = await reader_of(unit, update.event)  # type: ignore[arg-type]  # of these kinds
    return await dispatcher.feed_update(
        BOT, update, unit=unit, reader=reader, **CONSTANTS, **SUPPLIES
    )


@pytest.mark.parametrize("content", updates(), ids=str)
async def test_the_handler_is_the_one_that_aiogram_finds(content: dict[str, Any]) -> None:
    update = Update.model_validate({"update_id": 1, **content}, context={"bot": BOT})
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(*named(handlers.routers()))
    dispatch = Dispatch(named(handlers.routers()), constants=CONSTANTS, made=SUPPLIES)

    async def both(unit: UnitOfWork) -> tuple[object, object]:
        ours: object = await dispatch(BOT, update, unit, SUPPLIES)
        return ours, await _by_aiogram(dispatcher, update, unit)

    ours, theirs = await InMemoryDatabase().transact(both)

    assert ours
    assert ours == theirs


async def stay_silent(message: Message) -> Replies:
    return []


def a_router() -> Router:
    router = Router()
    router.message.register(stay_silent)
    return router


def refusal(router: Router) -> str:
    with pytest.raises(TypeError) as refused:
        Dispatch([router], constants={}, made=())
    return str(refused.value)


def test_a_middleware_that_nobody_would_call_is_refused() -> None:
    router = a_router()

    @router.message.middleware
    async def watch(handler: Any, event: Any, data: dict[str, Any]) -> Any:
        return await handler(event, data)

    assert "middleware" in refusal(router)


def test_routers_within_routers_are_refused() -> None:
    router = a_router()
    router.include_router(a_router())

    assert "routers within" in refusal(router)


def test_what_is_not_async_is_refused() -> None:
    router = Router()
    router.message.register(lambda message: [])

    assert "not async" in refusal(router)


async def test_a_router_whose_filter_says_no_is_passed_over() -> None:
    asked: list[str] = []

    async def answer(message: Message) -> Replies:
        asked.append("second")
        return []

    filtered, second = a_router(), Router()
    filtered.message.filter(HasText())
    second.message.register(answer)
    dispatch = Dispatch([filtered, second], constants={}, made=())
    update = Update.model_validate({"update_id": 1, **a_message("")}, context={"bot": BOT})

    await InMemoryDatabase().transact(lambda unit: dispatch(_bot(), update, unit, {}))

    assert asked == ["second"]


def _bot() -> Bot:
    return BOT
