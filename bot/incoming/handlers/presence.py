"""The bot is blocked or let in again: sends stop, or may start again."""

from dataclasses import replace

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated

from bot.incoming.chat_context import Reader
from bot.presentation.reply import Replies
from state.ports import Clock, UnitOfWork


async def note_presence(
    event: ChatMemberUpdated, reader: Reader, unit: UnitOfWork, clock: Clock
) -> Replies:
    if event.new_chat_member.status == ChatMemberStatus.KICKED:
        await unit.chats.save(replace(reader.chat, blocked_at=clock.now()))
    return []


def router() -> Router:
    router = Router(name=__name__)
    router.my_chat_member.register(note_presence)
    return router
