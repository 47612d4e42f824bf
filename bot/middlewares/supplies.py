"""What a handler asks for by name is made when it is called, and nothing else is."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import TelegramObject


class SuppliesMiddleware(BaseMiddleware):
    """An inner one: by then it is known which handler it is."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        chosen: HandlerObject = data["handler"]
        supplies: Mapping[str, object] = data["supplies"]
        for name in self._names.intersection(chosen.params):
            data[name] = supplies[name]
        return await handler(event, data)


class FilterSupplies(BaseMiddleware):
    """An outer one: the few that filters ask for, made for every update."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        supplies: Mapping[str, object] = data["supplies"]
        for name in self._names:
            data[name] = supplies[name]
        return await handler(event, data)
