"""Filters of our own: async, because aiogram runs plain ones in a thread each."""

import re

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Payload
from bot.middlewares.reader import Reader
from state.model.chat import Awaiting

_CODE = re.compile(r"\s*\d{3}[\s-]?\d{3}\s*")
_TELEGRAM_CODE = re.compile(r"\s*\d{5}\s*|.*\blogin\s+code\b.*\d{5}.*", re.IGNORECASE | re.DOTALL)
_LINK_CODE = re.compile(r"\s*([A-Za-z2-9]{4})-([A-Za-z2-9]{4})\s*")
_LEAST_DIGITS = 7
"""Fewer make no number anywhere; five or six are somebody's code."""
_MOST_LETTERS = 4
"""As in "tel:" or "ext"; more of them, and it is a question that holds a number."""


class Pressed(Filter):
    """A button of this family; hands its payload to the handler as `press`.

    Further arguments are values that the payload's fields must have.
    """

    def __init__(self, family: type[Payload], **values: str) -> None:
        self._family = family
        self._values = values

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Payload]:
        payload = self._family.unpack(query.data or "")
        if payload is None:
            return False
        fits = all(getattr(payload, name) == value for name, value in self._values.items())
        return {"press": payload} if fits else False


class InGroup(Filter):
    """Not a private chat: nothing about an account is said there."""

    async def __call__(self, event: Message | CallbackQuery, reader: Reader) -> bool:
        return not reader.is_private


class HasText(Filter):
    async def __call__(self, message: Message) -> bool:
        return bool(message.text)


class IsCommand(Filter):
    async def __call__(self, message: Message) -> bool:
        return (message.text or "").startswith("/")


class IsLinkCode(Filter):
    """The short code of a link; hands it on as `code`."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        found = _LINK_CODE.fullmatch(message.text or "")
        return {"code": f"{found[1]}-{found[2]}".upper()} if found else False


class LooksLikeNumber(Filter):
    """A phone number, in a chat that was asked for one."""

    async def __call__(self, message: Message, reader: Reader) -> bool:
        text = message.text or ""
        digits = sum(sign.isdigit() for sign in text)
        letters = sum(sign.isalpha() for sign in text)
        expected = reader.chat.awaiting is Awaiting.NUMBER
        return expected and digits >= _LEAST_DIGITS and letters <= _MOST_LETTERS


class IsCode(Filter):
    """Six digits: what a call asks for, not this chat."""

    async def __call__(self, message: Message, reader: Reader) -> bool:
        linked = reader.chat.freelancer_id is not None
        return linked and _CODE.fullmatch(message.text or "") is not None


class IsTelegramCode(Filter):
    """A login code of Telegram, which is five digits and nobody's business."""

    async def __call__(self, message: Message) -> bool:
        return _TELEGRAM_CODE.fullmatch(message.text or "") is not None


class HasOwnContact(Filter):
    """The sender's own contact, not forwarded; hands its number on as `number`."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        contact, sender = message.contact, message.from_user
        if contact is None or sender is None or message.forward_origin is not None:
            return False
        if contact.user_id != sender.id:
            return False
        return {"number": "+" + contact.phone_number.removeprefix("+")}


class CallsAreOff(Filter):
    """The settings name no telephone line."""

    async def __call__(self, event: Message | CallbackQuery, calls_are_on: bool) -> bool:  # noqa: FBT001 - given by name
        return not calls_are_on


class HasContact(Filter):
    async def __call__(self, message: Message) -> bool:
        return message.contact is not None
