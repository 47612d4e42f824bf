"""Chats of people who blocked the bot: nothing is sent there until they write again."""

from dataclasses import replace
from datetime import datetime

from state.model.chat import Chat, ChatId
from state.ports import Transact, UnitOfWork


async def is_blocked(look: Transact, chat_id: ChatId) -> bool:
    chat = await look(lambda unit: unit.chats.get(chat_id))
    return chat is not None and chat.blocked_at is not None


async def mark_blocked(unit: UnitOfWork, chat_id: ChatId, at: datetime) -> None:
    chat = await unit.chats.get(chat_id) or Chat(id=chat_id)
    await unit.chats.save(replace(chat, blocked_at=at))
