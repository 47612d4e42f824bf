"""A ticket's way from waiting to closed, and back: who may do what, and when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from state.model.chat import ChatId
from state.model.figures import TalkFigures
from state.model.staff import Role, Staff, StaffId
from state.model.ticket import Closed, HandOver, Resolution, Taken, Ticket, TicketState, Waiting
from state.rules.codes import Peppers, number_key

SAME_MATTER = timedelta(hours=72)
"""Who comes back within it after the end has not been helped: the same ticket, and counted."""


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Somebody else has taken it."""

    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class NotOpen:
    """It is closed."""


@dataclass(frozen=True, slots=True)
class ChangedHands:
    """It is over, and its chat has another account now: nothing of it concerns that one."""


@dataclass(frozen=True, slots=True)
class AnswerFirst:
    """It was taken over from somebody who may still be at it, and not a word was said since."""

    staff_id: StaffId


NotYours: TypeAlias = HeldBy | AnswerFirst
TicketRefusal: TypeAlias = NotYours | NotOpen


def is_open(ticket: Ticket) -> bool:
    return not isinstance(ticket.state, Closed)


def is_same_matter(ticket: Ticket, *, now: datetime) -> bool:
    return isinstance(ticket.state, Closed) and now - ticket.state.at <= SAME_MATTER


def opened_again(ticket: Ticket, reason: HandOver, *, now: datetime) -> Ticket:
    """By the freelancer."""
    waiting = _waiting(ticket, now=now)
    return replace(waiting, reason=reason, reopened=ticket.reopened + 1)


def taken(ticket: Ticket, by: Staff, *, now: datetime, over: bool = False) -> Ticket | HeldBy:
    """From the end, too: staff may go on with a talk. `over` takes it from somebody else.

    An agent who takes it over may answer, but not end it by that alone: see `AnswerFirst`.
    """
    match ticket.state:
        case Taken(holder) if holder == by.id:
            return ticket
        case Taken(holder) if not over:
            return HeldBy(holder)
        case Taken(holder):
            # Whoever takes it back had it before, and owes nobody an answer first.
            former = None if ticket.taken_from == by.id else holder
            return replace(ticket, state=Taken(by.id, now), taken_from=former)
        case Waiting():
            return replace(ticket, state=Taken(by.id, now), taken_from=None)
        case Closed():
            return replace(ticket, state=Taken(by.id, now), taken_from=None, solved=None)
        case _:
            assert_never(ticket.state)


def released(ticket: Ticket, by: Staff, *, now: datetime) -> Ticket | TicketRefusal:
    if not is_open(ticket):
        return NotOpen()
    return held_back(ticket, by) or _waiting(ticket, now=now)


def replied(ticket: Ticket, by: Staff, *, now: datetime) -> Ticket | HeldBy | NotOpen:
    """A reply to what nobody holds takes it, so that no two answer at once."""
    match ticket.state:
        case Closed():
            return NotOpen()
        case Taken(holder) if holder != by.id:
            return HeldBy(holder)
        case Taken():
            state: TicketState = ticket.state
        case Waiting():
            state = Taken(by.id, now)
        case _:
            assert_never(ticket.state)
    first_reply_at = ticket.first_reply_at or now
    return replace(ticket, state=state, first_reply_at=first_reply_at, taken_from=None)


def closed(ticket: Ticket, by: Staff, how: Resolution, *, now: datetime) -> Ticket | TicketRefusal:
    if not is_open(ticket):
        return NotOpen()
    return held_back(ticket, by) or replace(ticket, state=Closed(now, how, by.id))


def left(ticket: Ticket, *, now: datetime) -> Ticket | NotOpen:
    """The freelancer may always go back to the bot."""
    if not is_open(ticket):
        return NotOpen()
    return replace(ticket, state=Closed(now, Resolution.BACK_TO_BOT))


def _waiting(ticket: Ticket, *, now: datetime) -> Ticket:
    return replace(ticket, state=Waiting(), waiting_since=now, solved=None, passing_told=False)


def held_back(ticket: Ticket, by: Staff) -> NotYours | None:
    """Why they may not end what is open, or give it back; None: they may. A lead always may."""
    if not isinstance(ticket.state, Taken) or by.role.covers(Role.LEAD):
        return None
    if ticket.state.by != by.id:
        return HeldBy(ticket.state.by)
    return None if ticket.taken_from is None else AnswerFirst(ticket.taken_from)


COUNT_FOR = timedelta(hours=1)


def asker_key(peppers: Peppers, chat_id: ChatId) -> str:
    """Under which a chat's hand-overs are counted; it can't be led back to the chat."""
    return number_key(peppers, f"asker {chat_id}")


def asks_again_at(spent: datetime | None) -> datetime | None:
    """`spent`: the hand-over that used up the limit; None where one is left."""
    return None if spent is None else spent + COUNT_FOR


def talks(tickets: Sequence[Ticket]) -> TalkFigures:
    times = [
        one.first_reply_at - one.opened_at for one in tickets if one.first_reply_at is not None
    ]
    return TalkFigures(
        by_reason=Counter(one.reason for one in tickets),
        reopened=sum(one.reopened > 0 for one in tickets),
        answered=len(times),
        waiting=sum(
            one.first_reply_at is None and not isinstance(one.state, Closed) for one in tickets
        ),
        answer_times=tuple(sorted(times)),
    )
