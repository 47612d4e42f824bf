"""What is injected by name fails late: every parameter of a handler is provided by somebody."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.incoming import handlers
from bot.incoming.dispatch import Supplies

EVENTS = {Message, CallbackQuery, ChatMemberUpdated, Message | CallbackQuery}
BY_APP = {
    "policy",
    "clock",
    "channels",
    "contact_links",
    "staffed",
    "staff_chat",
    "staff_address",
}
"""The constants of `bot.build.build_dispatch`."""
BY_TURN = {"unit", "bot", "reader"}
BY_FILTERS = {"press", "code", "number", "command", "said", "staff", "ticket", "answered"}


def provided() -> frozenset[str]:
    return frozenset(BY_APP | BY_TURN | BY_FILTERS | set(Supplies.names()))


def unprovided(routers: Iterable[Router], names: frozenset[str]) -> list[str]:
    """`handler: parameter`, one line for each that nobody provides."""
    return [
        f"{handler.__name__}: {parameter.name}"
        for handler in _handlers(routers)
        for parameter in list(inspect.signature(handler).parameters.values())[1:]
        if parameter.name not in names
    ]


def _handlers(routers: Iterable[Router]) -> Iterator[Callable[..., Any]]:
    for router in routers:
        for observer in router.observers.values():
            yield from (one.callback for one in observer.handlers)


def test_every_parameter_of_every_handler_is_provided() -> None:
    assert unprovided(handlers.routers(), provided()) == []


def test_a_misspelt_parameter_is_found() -> None:
    async def greet(message: Message, polcy: object) -> list[object]:
        return []

    router = Router()
    router.message.register(greet)

    assert unprovided([router], provided()) == ["greet: polcy"]


def test_the_first_parameter_of_every_handler_is_the_event() -> None:
    firsts = {
        next(iter(inspect.signature(one).parameters.values())).annotation
        for one in _handlers(handlers.routers())
    }

    assert firsts <= EVENTS


def test_what_the_app_provides_is_what_is_listed_here() -> None:
    source = inspect.getsource(__import__("bot.build", fromlist=["build_dispatch"]))

    assert all(f'"{name}":' in source for name in BY_APP)
