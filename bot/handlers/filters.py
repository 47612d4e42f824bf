"""Filters of our own: async, because aiogram runs plain ones in a thread each."""

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Payload
from bot.middlewares.reader import Reader


class Pressed(Filter):
    """A button of this family; hands its payload to the handler as `press`."""

    def __init__(self, family: type[Payload]) -> None:
        self._family = family

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Payload]:
        payload = self._family.unpack(query.data or "")
        return False if payload is None else {"press": payload}


class InGroup(Filter):
    """Not a private chat: nothing about an account is said there."""

    async def __call__(self, event: Message | CallbackQuery, reader: Reader) -> bool:
        return not reader.is_private


class HasText(Filter):
    """A message of words; commands have their own handlers before."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.text)
