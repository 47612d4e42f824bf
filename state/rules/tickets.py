"""State machine of a ticket (waiting, taken, closed) and the rights to change it."""

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
"""A freelancer who returns within this time after the close reopens the same ticket."""
LONGEST_NOTE = 2000
"""UTF-16 units; a note has to fit into one message, below its author."""
LONGEST_REASON = 300
"""UTF-16 units of a ban's reason, which the person and the group are told."""


@dataclass(frozen=True, slots=True)
class HeldByOther:
    """Refused: another member of staff has taken the ticket."""

    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Refused: the ticket is closed."""


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """Refused: the ticket is closed and its chat belongs to another account now."""


@dataclass(frozen=True, slots=True)
class ReplyRequired:
    """Refused: it was taken over from `staff_id`, and the new holder has not replied yet."""

    staff_id: StaffId


NotYours: TypeAlias = HeldByOther | ReplyRequired
TicketRefusal: TypeAlias = NotYours | NotOpen


def is_open(ticket: Ticket) -> bool:
    return not isinstance(ticket.state, Closed)


def is_same_matter(ticket: Ticket, *, now: datetime) -> bool:
    """Whether a closed ticket is reopened when the freelancer returns now."""
    return isinstance(ticket.state, Closed) and now - ticket.state.at <= SAME_MATTER


def reopened(ticket: Ticket, reason: HandOver, *, now: datetime) -> Ticket:
    """Reopen a closed ticket for its freelancer."""
    waiting = _waiting(ticket, now=now)
    return replace(waiting, reason=reason, reopened=ticket.reopened + 1)


def taken(ticket: Ticket, by: Staff, *, now: datetime, over: bool = False) -> Ticket | HeldByOther:
    """Take a ticket, even a closed one; `over` takes it over from another member of staff.

    After a take-over an agent may reply, but must do so before closing: see `AnswerFirst`.
    """
    match ticket.state:
        case Taken(holder) if holder == by.id:
            return ticket
        case Taken(holder) if not over:
            return HeldByOther(holder)
        case Taken(holder):
            # The former holder takes it back and need not reply first.
            former = None if ticket.taken_from == by.id else holder
            return replace(ticket, state=Taken(by.id, now), taken_from=former)
        case Waiting():
            return replace(ticket, state=Taken(by.id, now), taken_from=None)
        case Closed():
            return replace(ticket, state=Taken(by.id, now), taken_from=None, solved=None)
        case _:
            assert_never(ticket.state)


def released(ticket: Ticket, by: Staff, *, now: datetime) -> Ticket | TicketRefusal:
    """Release a ticket, so that it waits again."""
    if not is_open(ticket):
        return NotOpen()
    return close_refusal(ticket, by) or _waiting(ticket, now=now)


def replied(ticket: Ticket, by: Staff, *, now: datetime) -> Ticket | HeldByOther | NotOpen:
    """Record a reply; it takes a waiting ticket, so that no two people answer at once."""
    match ticket.state:
        case Closed():
            return NotOpen()
        case Taken(holder) if holder != by.id:
            return HeldByOther(holder)
        case Taken():
            state: TicketState = ticket.state
        case Waiting():
            state = Taken(by.id, now)
        case _:
            assert_never(ticket.state)
    first_reply_at = ticket.first_reply_at or now
    return replace(ticket, state=state, first_reply_at=first_reply_at, taken_from=None)


def closed(ticket: Ticket, by: Staff, how: Resolution, *, now: datetime) -> Ticket | TicketRefusal:
    """Close a ticket, by staff."""
    if not is_open(ticket):
        return NotOpen()
    return close_refusal(ticket, by) or replace(ticket, state=Closed(now, how, by.id))


def left_by_freelancer(ticket: Ticket, *, now: datetime) -> Ticket | NotOpen:
    """Close the ticket because the freelancer returns to the bot, which is always allowed."""
    if not is_open(ticket):
        return NotOpen()
    return replace(ticket, state=Closed(now, Resolution.BACK_TO_BOT))


def _waiting(ticket: Ticket, *, now: datetime) -> Ticket:
    return replace(ticket, state=Waiting(), waiting_since=now, solved=None, passing_told=False)


def close_refusal(ticket: Ticket, by: Staff) -> NotYours | None:
    """Why `by` may not close or release the ticket; None: they may. A lead always may."""
    if not isinstance(ticket.state, Taken) or by.role.covers(Role.LEAD):
        return None
    if ticket.state.by != by.id:
        return HeldByOther(ticket.state.by)
    return None if ticket.taken_from is None else ReplyRequired(ticket.taken_from)


COUNT_FOR = timedelta(hours=1)


def asker_key(peppers: Peppers, chat_id: ChatId) -> str:
    """Keyed hash of a chat, under which its hand-overs are counted; it can't be reversed."""
    return number_key(peppers, f"asker {chat_id}")


def asks_again_at(spent: datetime | None) -> datetime | None:
    """When a hand-over is possible again. `spent`: the one that used up the limit, or None."""
    return None if spent is None else spent + COUNT_FOR


def talk_figures(tickets: Sequence[Ticket]) -> TalkFigures:
    """Statistics over tickets."""
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
