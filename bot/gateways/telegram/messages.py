"""Converts Telegram messages to `Said`, a value that can be stored and forwarded."""

from collections.abc import Sequence
from typing import Any

from aiogram.types import Message

from knowledge.tokens import LONGEST_QUESTION
from state.model.ticket import Content, MessageContent

_FILES = (
    # First, because an animation message also has a document.
    Content.ANIMATION,
    Content.VIDEO,
    Content.AUDIO,
    Content.VOICE,
    Content.VIDEO_NOTE,
    Content.DOCUMENT,
    Content.STICKER,
)
_OTHERS = ("contact", "dice", "poll", "venue")
"""Kinds that can be copied but hold no file."""


def written(message: Message) -> str:
    """The message text, cut to `LONGEST_QUESTION` characters.

    Handlers match against this, so that a long message costs no more time than a short one.
    """
    return (message.text or "")[:LONGEST_QUESTION]


def said_of(message: Message) -> MessageContent | None:
    """The message's content; None for service messages (pins, new members and the like)."""
    content, file = _content(message)
    if content is None:
        return None
    return MessageContent(
        content=content,
        text=message.text or message.caption or "",
        file_id=getattr(file, "file_id", None),
        file_key=getattr(file, "file_unique_id", None),
        file_name=getattr(file, "file_name", None),
        album=message.media_group_id,
        message_id=message.message_id,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        html=message.html_text,
    )


def _content(message: Message) -> tuple[Content | None, Any]:
    if message.text is not None:
        return Content.TEXT, None
    if message.photo:
        return Content.PHOTO, _largest(message.photo)
    for content in _FILES:
        file = getattr(message, content)
        if file is not None:
            return content, file
    if message.venue is None and message.location is not None:
        return Content.LOCATION, None
    others = any(getattr(message, name) is not None for name in _OTHERS)
    return (Content.OTHER if others else None), None


def _largest(sizes: Sequence[Any]) -> Any:
    return max(sizes, key=lambda one: one.width * one.height)
