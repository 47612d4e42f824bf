"""What belongs together on its way: a message by itself, or the album it is part of."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from state.model.ticket import TalkMessage
from state.ports import UnitOfWork


async def still_to_group(unit: UnitOfWork, message: TalkMessage) -> Sequence[TalkMessage]:
    """Not in the group yet, and not taken back."""
    return [
        one
        for one in await _together(unit, message)
        if one.in_group is None and one.deleted_at is None
    ]


async def still_to_caller(unit: UnitOfWork, message: TalkMessage) -> Sequence[TalkMessage]:
    return [
        one
        for one in await _together(unit, message)
        if one.in_chat is None and one.deleted_at is None
    ]


def is_whole(members: Sequence[TalkMessage], *, now: datetime, after: timedelta) -> bool:
    """An album's parts come one by one; it is whole when none has come for a while."""
    return members[0].album is None or now - members[-1].at >= after


async def _together(unit: UnitOfWork, message: TalkMessage) -> Sequence[TalkMessage]:
    if message.album is not None:
        return await unit.talks.album(message.ticket_id, message.album)
    found = await unit.talks.get(message.id)
    return () if found is None else (found,)
