"""Handler of membership changes: remembers that a person blocked the bot."""

from dataclasses import replace

from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated

from bot.incoming.routing import membership
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies


async def note_presence(turn: Turn) -> Replies:
    change = turn.event
    is_blocked = (
        isinstance(change, ChatMemberUpdated)
        and change.new_chat_member.status == ChatMemberStatus.KICKED
    )
    if is_blocked:
        await turn.unit.chats.save(replace(turn.chat, blocked_at=turn.config.clock.now()))
    return []


ROUTES = (membership(note_presence),)
