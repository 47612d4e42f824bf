"""Topics in private chats: messages go to the topic that the person wrote in last."""

from typing import Final

from state.model.chat import ChatId
from state.ports import ReadUnit, UnitOfWork

_MATTER: Final = "topic"
"""Matter whose living message is the first of the topic: Telegram names a topic by its id."""


async def private_topic(unit: ReadUnit, chat_id: ChatId) -> int | None:
    """Bot API `message_thread_id` of the topic; None in a chat without topics, or a group."""
    return await unit.living_messages.get(chat_id, _MATTER) if chat_id > 0 else None


async def note_private_topic(unit: UnitOfWork, chat_id: ChatId, thread_id: int) -> None:
    """Remember the topic that a person writes in."""
    if await private_topic(unit, chat_id) != thread_id:
        await unit.living_messages.put(chat_id, _MATTER, thread_id)
