"""Converts Telegram messages to `MessageContent`, a value that can be stored and forwarded."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from aiogram.enums import ContentType
from aiogram.types import Message

from bot.gateways.telegram.parsing import invalid_fields
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
_SAID: Final = frozenset(
    {
        ContentType.TEXT,
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.DOCUMENT,
        ContentType.LIVE_PHOTO,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.POLL,
        ContentType.VENUE,
        ContentType.LOCATION,
        ContentType.INVOICE,
        ContentType.GIVEAWAY,
        ContentType.GIVEAWAY_WINNERS,
        ContentType.RICH_MESSAGE,
    }
)
"""Kinds of messages that people send; every other kind that aiogram knows is a service message."""


def text_of(message: Message) -> str:
    """The text of a message, or the caption of a file."""
    return message.text or message.caption or ""


def text_in(message: Mapping[str, Any]) -> str:
    """Like `text_of`, for a Bot API message as JSON."""
    found = message.get("text") or message.get("caption")
    return found if isinstance(found, str) else ""


def question_text(message: Message) -> str:
    """The text or caption of a message, cut to `LONGEST_QUESTION` characters.

    Handlers match against this, so that a long message costs no more time than a short one.
    """
    return text_of(message)[:LONGEST_QUESTION]


def is_from_person(message: Message) -> bool:
    """Whether somebody sent it; not for service messages, nor for kinds of a later Bot API."""
    kind = _kind(message)
    return kind in _SAID or (kind == ContentType.UNKNOWN and not message.model_extra)


def content_of(message: Message) -> MessageContent | None:
    """The message's content; None for service messages (pins, new members and the like).

    A message of an unknown kind may be either, and counts as content.
    """
    content, file = _content(message)
    if content is None:
        return None
    return MessageContent(
        content=content,
        text=text_of(message),
        file_id=getattr(file, "file_id", None),
        file_key=getattr(file, "file_unique_id", None),
        file_name=getattr(file, "file_name", None),
        album=message.media_group_id,
        message_id=message.message_id,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        html=_html(message),
    )


def _html(message: Message) -> str:
    """The text in Telegram HTML; without formatting if its entities don't fit the text.

    Some clients count entities in other units than UTF-16, so that one begins within an emoji.
    """
    try:
        return message.html_text
    except (UnicodeDecodeError, AttributeError):
        return escape(text_of(message), quote=False)


def _kind(message: Message) -> str:
    """Content type of the message by its field, also if that was left out."""
    lost = [name for name in invalid_fields(message) if name in set(ContentType)]
    if message.text is not None:
        return ContentType.TEXT
    return lost[0] if lost else message.content_type


def _content(message: Message) -> tuple[Content | None, Any]:
    if message.text is not None:
        return Content.TEXT, None
    if message.photo:
        return Content.PHOTO, _largest(message.photo)
    for content in _FILES:
        file = getattr(message, content)
        if file is not None:
            return content, file
    kind = _kind(message)
    if kind == ContentType.LOCATION:
        return Content.LOCATION, None
    return (Content.OTHER if kind in {*_SAID, ContentType.UNKNOWN} else None), None


def _largest(sizes: Sequence[Any]) -> Any:
    return max(sizes, key=lambda one: one.width * one.height)
