"""Albums: each picture is a message of its own, but they get one answer together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aiogram.types import Message

from bot.gateways.telegram.messages import text_of
from bot.telemetry.monitor import REPLY_KEY
from state.model.work import NewReply
from state.ports import UnitOfWork

CAPTION_MAY_FOLLOW: Final = timedelta(seconds=1)
"""Parts of an album arrive one by one; the first may not be the one with the caption."""


async def once_per_album(
    unit: UnitOfWork, message: Message | None, replies: Sequence[NewReply], now: datetime
) -> Sequence[NewReply]:
    """The replies to a message; those to an album that is answered already are left out.

    The reply to a part without a caption is queued for later, and withdrawn if one follows.
    """
    album = None if message is None or message.edit_date else message.media_group_id
    if message is None or album is None or not replies:
        return replies
    key = f"{REPLY_KEY}album:{message.chat.id}:{album}"
    if await unit.outbox.has(f"{key}:0"):
        return ()
    unread = f"{key}:unread"
    if text_of(message):
        await unit.outbox.drop(unread)
        return [replace(one, key=f"{key}:{place}") for place, one in enumerate(replies)]
    first = replies[0]
    due_at = now + CAPTION_MAY_FOLLOW
    await unit.outbox.add(first.task, lane=first.lane, key=unread, due_at=due_at)
    return ()
