"""Hand a chat over to staff: open a ticket, or reopen the last one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from state.model.chat import ChatId
from state.model.question import Question, Sequel
from state.model.staff import Ban
from state.model.ticket import Asked, HandOver, Ticket, TicketId
from state.model.work import GroupNews
from state.ports import Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.office_hours import Office, expected_at
from state.rules.tickets import (
    COUNT_FOR,
    asker_key,
    asks_again_at,
    is_open,
    is_same_matter,
    reopened,
)
from state.usecases.marketplace_events import LED_TO_WITHIN
from state.usecases.tickets.effects import audit, show_packet, tell_group
from state.usecases.tickets.owner import account_of, changed_hands

TOLD_OF = 3
"""Number of questions before the hand-over that staff are shown."""
STILL_MATTERS = timedelta(days=1)


class Opening(StrEnum):
    """Whether the ticket is new, reopened, or was open already."""

    NEW = "new"
    AGAIN = "again"
    ALREADY = "already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    ticket: Ticket
    how: Opening
    expected_at: datetime | None
    """When an answer can be expected; None if the desk has no office hours."""


@dataclass(frozen=True, slots=True)
class AskedTooOften:
    """Refused: hand-overs are limited, as each posts several messages to the staff group."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """Hand a chat over: a return within `SAME_MATTER` of the close reopens the same ticket."""

    unit: UnitOfWork
    clock: Clock
    office: Office | None
    peppers: Peppers
    hand_over_limit: int
    """Most hand-overs of one chat within an hour, also across erasures; 0: no limit."""

    async def __call__(
        self, chat_id: ChatId, reason: HandOver, *, caller: str, language: str
    ) -> Opened | Ban | AskedTooOften:
        ban = await self.unit.bans.of(chat_id)
        if ban is not None:
            return ban
        now = self.clock.now()
        last = await self.unit.tickets.last(chat_id)
        if last is not None and is_open(last):
            return self._opened(last, Opening.ALREADY)
        until = await self._asks_again_at(chat_id, now)
        if until is not None:
            return AskedTooOften(until=until)
        await self.unit.questions.record_sequel(chat_id, Sequel.PERSON, now - LED_TO_WITHIN)
        if last is not None and await self._goes_on(last, now):
            return await self._again(last, reason, now)
        ticket = await self.unit.tickets.add(
            await self._new(chat_id, reason, caller, language, now)
        )
        await audit(self.unit, ticket, "opened", actor="chat", now=now, detail=reason)
        await show_packet(self.unit, ticket, now=now, anew=True)
        return self._opened(ticket, Opening.NEW)

    async def _asks_again_at(self, chat_id: ChatId, now: datetime) -> datetime | None:
        """When a hand-over is possible again; None: now, and it is counted."""
        if not self.hand_over_limit:
            return None
        asker, since = asker_key(self.peppers, chat_id), now - COUNT_FOR
        spent = await self.unit.hand_overs.latest(asker, self.hand_over_limit, since)
        if spent is None:
            await self.unit.hand_overs.add(asker, now)
        return asks_again_at(spent)

    async def _goes_on(self, last: Ticket, now: datetime) -> bool:
        """Whether to reopen the last ticket; never one of another account."""
        return is_same_matter(last, now=now) and not await changed_hands(self.unit, last)

    async def _again(self, closed: Ticket, reason: HandOver, now: datetime) -> Opened:
        opened = reopened(closed, reason, now=now)
        await self.unit.tickets.save(opened)
        ticket = replace(opened, version=opened.version + 1)
        await audit(self.unit, ticket, "reopened", actor="chat", now=now, detail=reason)
        await tell_group(self.unit, ticket, GroupNews.REOPENED, now=now)
        await show_packet(self.unit, ticket, now=now, anew=True)
        return self._opened(ticket, Opening.AGAIN)

    async def _new(
        self, chat_id: ChatId, reason: HandOver, caller: str, language: str, now: datetime
    ) -> Ticket:
        questions = await self.unit.questions.of_chat(chat_id)
        return Ticket(
            id=TicketId(0),
            chat_id=chat_id,
            freelancer_id=await account_of(self.unit, chat_id),
            caller=caller,
            language=language,
            reason=reason,
            asked=_asked(questions, since=now - STILL_MATTERS),
            opened_at=now,
            waiting_since=now,
        )

    def _opened(self, ticket: Ticket, how: Opening) -> Opened:
        expected = None if self.office is None else expected_at(self.office, self.clock.now())
        return Opened(ticket=ticket, how=how, expected_at=expected)


def _asked(questions: Sequence[Question], *, since: datetime) -> tuple[Asked, ...]:
    recent = [one for one in questions if one.asked_at >= since][-TOLD_OF:]
    return tuple(
        Asked(
            words=one.words,
            outcome=one.outcome,
            slug=one.slug,
            score=one.score,
            at=one.asked_at,
            helpful=one.helpful,
            fault=one.fault,
        )
        for one in recent
    )
