"""Nudges: weekly reminders of unfinished steps, for people who asked for them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from state.model.account import Progress
from state.model.chat import Chat, ChatId
from state.model.work import Nudge
from state.policy import Policy
from state.ports import Clock, ReadUnit, UnitOfWork
from state.rules.codes import Peppers
from state.rules.nudging import after_quiet_hours, next_nudge
from state.usecases.lanes import chat_lane
from state.usecases.progress.read import ReadProgress

TIMEZONE = "timezone"
"""Optional field of a snapshot: an IANA time zone such as Europe/Berlin."""


@dataclass(frozen=True, slots=True)
class NudgeNow:
    """Send the nudge, with this progress."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class NudgeLater:
    """Do not send now: it is night for the person, or nothing is known of the account yet."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NudgesOver:
    """Send no more: every step is done."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """Drop this nudge: the person stopped them, or another one is planned."""


NudgeDecision: TypeAlias = NudgeNow | NudgeLater | NudgesOver | Outdated


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNudges:
    """Turn weekly nudges on or off."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, *, enabled: bool) -> datetime | None:
        """Turn nudges on or off; returns when the next is due, None if off or not linked."""
        chat = await self.unit.chats.get(chat_id)
        if chat is None or chat.freelancer_id is None:
            return None
        if not enabled:
            await self.unit.chats.save(replace(chat, nudge_at=None))
            return None
        if chat.nudge_at is not None:
            return chat.nudge_at
        at = next_nudge(self.clock.now(), await _timezone(self.unit, chat))
        await _plan(self.unit, chat, at)
        return at


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOnNudging:
    """Plan the nudge after one that was sent, or postpone the same one."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, chat_id: ChatId, planned_for: str, *, at: datetime | None = None
    ) -> None:
        chat = await _still_wanted(self.unit, chat_id, planned_for)
        if chat is None:
            return
        if at is None:
            at = next_nudge(self.clock.now(), await _timezone(self.unit, chat))
        await _plan(self.unit, chat, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNudge:
    """Decide whether a due nudge is still wanted."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, chat_id: ChatId, planned_for: str) -> NudgeDecision:
        chat = await _still_wanted(self.unit, chat_id, planned_for)
        if chat is None or chat.freelancer_id is None:
            return Outdated()
        read = ReadProgress(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        found = await read(chat.freelancer_id)
        now, timezone = self.clock.now(), await _timezone(self.unit, chat)
        if isinstance(found, Progress) and found.complete:
            return NudgesOver()
        if not isinstance(found, Progress) or found.as_of is None:
            return NudgeLater(next_nudge(now, timezone))
        awake = after_quiet_hours(now, timezone)
        return NudgeNow(found) if awake == now else NudgeLater(awake)


async def _still_wanted(unit: ReadUnit, chat_id: ChatId, planned_for: str) -> Chat | None:
    chat = await unit.chats.get(chat_id)
    planned = datetime.fromisoformat(planned_for)
    return chat if chat is not None and chat.nudge_at == planned else None


async def _plan(unit: UnitOfWork, chat: Chat, at: datetime) -> None:
    await unit.chats.save(replace(chat, nudge_at=at))
    await unit.outbox.add(
        Nudge(chat_id=chat.id, planned_for=at.isoformat()),
        lane=chat_lane(chat.id),
        key=f"nudge:{chat.id}:{at.isoformat()}",
        due_at=at,
    )


async def _timezone(unit: ReadUnit, chat: Chat) -> object:
    account = None if chat.freelancer_id is None else await unit.accounts.get(chat.freelancer_id)
    return None if account is None else account.extra.get(TIMEZONE)
