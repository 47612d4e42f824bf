"""Who is writing: the chat as stored, if anything is, and whether it is a private one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.middlewares.user_context import EVENT_CONTEXT_KEY
from aiogram.types import TelegramObject

from state.model.chat import Chat, ChatId
from state.model.ticket import Ticket
from state.ports import UnitOfWork
from state.rules.tickets import is_open

PRIVATE = "private"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The person on the other side, as far as this chat tells."""

    chat: Chat
    is_private: bool
    language: str
    """As the person chose it, or as their Telegram client speaks."""
    name: str = ""
    """As Telegram has it."""
    ticket: Ticket | None = None
    """The talk with a person that is going on here."""


class ReaderMiddleware(BaseMiddleware):
    """Provides `reader`. A chat nobody stored is a value too: `/start` creates nothing."""

    provides = ("reader",)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        context = data[EVENT_CONTEXT_KEY]
        unit: UnitOfWork = data["unit"]
        if context.chat is not None:
            chat = await self._chat(unit, ChatId(context.chat.id))
            spoken = context.user.language_code if context.user else None
            is_private = context.chat.type == PRIVATE
            data["reader"] = Reader(
                chat=chat,
                is_private=is_private,
                language=chat.language or spoken or DEFAULT_LANGUAGE,
                name=context.user.full_name if context.user else "",
                ticket=await self._talk(unit, chat.id) if is_private else None,
            )
        return await handler(event, data)

    async def _talk(self, unit: UnitOfWork, chat_id: ChatId) -> Ticket | None:
        ticket = await unit.tickets.last(chat_id)
        return ticket if ticket is not None and is_open(ticket) else None

    async def _chat(self, unit: UnitOfWork, chat_id: ChatId) -> Chat:
        chat = await unit.chats.get(chat_id) or Chat(id=chat_id)
        if chat.blocked_at is not None:
            # Somebody who writes has unblocked the bot.
            chat = replace(chat, blocked_at=None)
            await unit.chats.save(chat)
        return chat
