"""The stored chat, its language and open ticket, for the sender of an update."""

from dataclasses import dataclass, replace

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from state.model.chat import Chat, ChatId
from state.model.ticket import Ticket
from state.ports import UnitOfWork
from state.rules.tickets import is_open

PRIVATE = "private"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatContext:
    """The chat and person an update comes from."""

    chat: Chat
    is_private: bool
    language: str
    """The person's choice, or else their Telegram client's language."""
    name: str = ""
    """Full name at Telegram."""
    ticket: Ticket | None = None
    """The open conversation with staff in this chat, if any."""


async def chat_context_of(
    unit: UnitOfWork, event: Message | CallbackQuery | ChatMemberUpdated
) -> ChatContext:
    """The context of an event.

    A chat that is not stored gets a blank `Chat`, which is not saved.
    """
    (chat_id, kind), user = _place(event), event.from_user
    chat = await _chat(unit, ChatId(chat_id))
    is_private = kind == PRIVATE
    return ChatContext(
        chat=chat,
        is_private=is_private,
        language=chat.language or (user.language_code if user else None) or DEFAULT_LANGUAGE,
        name=user.full_name if user else "",
        ticket=await _talk(unit, chat.id) if is_private else None,
    )


def _place(event: Message | CallbackQuery | ChatMemberUpdated) -> tuple[int, str]:
    """Id and type of the chat; a press without its message counts as private."""
    if not isinstance(event, CallbackQuery):
        return event.chat.id, event.chat.type
    if event.message is None:
        return event.from_user.id, PRIVATE
    return event.message.chat.id, event.message.chat.type


async def _talk(unit: UnitOfWork, chat_id: ChatId) -> Ticket | None:
    ticket = await unit.tickets.last(chat_id)
    return ticket if ticket is not None and is_open(ticket) else None


async def _chat(unit: UnitOfWork, chat_id: ChatId) -> Chat:
    chat = await unit.chats.get(chat_id) or Chat(id=chat_id)
    if chat.blocked_at is not None:
        # A person who writes has unblocked the bot.
        chat = replace(chat, blocked_at=None)
        await unit.chats.save(chat)
    return chat
