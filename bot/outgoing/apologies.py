"""Rows given up after internal errors: apologise to the person, or retry in another lane."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.outgoing.results import Record, nothing_to_record
from bot.presentation.renderer import Presenter
from bot.presentation.views import account as account_views
from state.model.chat import Chat
from state.model.work import (
    CarryToCaller,
    CarryToGroup,
    CheckCall,
    EraseTraces,
    HangUp,
    OutboxRow,
    PullAccount,
    ShowPacket,
    SweepOld,
    TellMarketplace,
)
from state.ports import Clock, UnitOfWork
from state.usecases.lanes import ASIDE, aside_lane, chat_lane, chat_of_lane
from state.usecases.private_topics import private_topic
from state.usecases.tickets.effects import tell_lost

KEY = "sorry:"
Unseen = EraseTraces | SweepOld | CheckCall | HangUp | TellMarketplace
"""Tasks that must happen but that no person waits for; retried in a lane of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apologies:
    """Implements `bot.outgoing.results.AfterErrors`."""

    present: Presenter
    clock: Clock

    def __call__(self, row: OutboxRow) -> Record | None:
        if row.lane.startswith(ASIDE):
            return None
        if row.key.startswith(KEY):
            return nothing_to_record
        if isinstance(row.task, Unseen):
            return lambda unit: self._set_aside(unit, row)
        return lambda unit: self._tell(unit, row)

    async def _set_aside(self, unit: UnitOfWork, row: OutboxRow) -> None:
        """Move the task to a lane of its own.

        That is named by row id and not by chat, so that an erasure leaves no trace there.
        """
        lane = aside_lane(row.id)
        await unit.outbox.add(row.task, lane=lane, key=lane, due_at=row.due_at)

    async def _tell(self, unit: UnitOfWork, row: OutboxRow) -> None:
        now = self.clock.now()
        if isinstance(row.task, CarryToGroup | CarryToCaller):
            await tell_lost(unit, row.task.talk_id, now=now)
        chat = await _who_waits(unit, row)
        if chat is not None:
            await self._apologise(unit, chat, now)

    async def _apologise(self, unit: UnitOfWork, chat: Chat, now: datetime) -> None:
        """Apologise at most once a minute per chat: several rows may fail for the same reason."""
        said = self.present(account_views.internal_error(), chat.id, chat.language)
        await unit.outbox.add(
            replace(said, thread_id=await private_topic(unit, chat.id)),
            lane=chat_lane(chat.id),
            key=f"{KEY}{chat.id}:{now:%Y-%m-%dT%H:%M}",
            due_at=now,
        )


async def _who_waits(unit: UnitOfWork, row: OutboxRow) -> Chat | None:
    """The chat whose person waits for this row; None for rows of the staff group."""
    if isinstance(row.task, PullAccount):
        return await unit.chats.of(row.task.freelancer_id)
    chat_id = chat_of_lane(row.lane)
    if chat_id is None or chat_id < 0:
        return None
    if row.lane != chat_lane(chat_id) and not isinstance(row.task, CarryToGroup | ShowPacket):
        return None
    return await unit.chats.get(chat_id) or Chat(id=chat_id)
