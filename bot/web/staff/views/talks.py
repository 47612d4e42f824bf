"""View of conversations: the list, and one with its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from knowledge.model import Library
from state.model.staff import Role, Staff, StaffId
from state.model.ticket import Author, Closed, Content, Taken, TalkMessage, Ticket, Waiting
from state.rules.office_hours import Office, expected_at
from state.rules.redaction import short_name
from state.usecases.tickets.read import TicketLine, TicketView

EXCERPT = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """The viewing staff member, the time and the office hours."""

    staff: Staff
    now: datetime
    office: Office | None


def listed(lines: Sequence[TicketLine], reader: PageContext) -> dict[str, object]:
    """Open conversations, grouped in: mine, waiting, taken by others."""
    rows = [_row(one, reader) for one in lines]
    return {
        "mine": [one for one in rows if one["is_mine"]],
        "waiting": [one for one in rows if one["status"] == "waiting"],
        "others": [one for one in rows if one["status"] == "taken" and not one["is_mine"]],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedTalk:
    """A closed conversation in the list."""

    id: int
    who: str
    at: datetime


def ended(tickets: Sequence[Ticket]) -> list[EndedTalk]:
    """Closed conversations, latest first."""
    found = [
        EndedTalk(id=one.id, who=short_name(one.caller), at=one.state.at)
        for one in tickets
        if isinstance(one.state, Closed)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def articles(library: Library, language: str) -> list[tuple[str, str]]:
    """Slug and title of all articles, by title."""
    found = [(one.slug, one.title) for one in library.articles(language)]
    return sorted(found, key=lambda one: one[1])


def _row(line: TicketLine, reader: PageContext) -> Mapping[str, object]:
    last = line.last
    return {
        **_state(line.ticket, line.holder, reader),
        "id": line.ticket.id,
        "who": line.who,
        "freelancer": line.owner or "",
        "last": "" if last is None else _excerpt(last),
        "last_by_us": last is not None and last.author is Author.STAFF,
        "last_at": None if last is None else last.at,
    }


def _state(ticket: Ticket, holder: Staff | None, reader: PageContext) -> Mapping[str, object]:
    by: StaffId | None = None
    match ticket.state:
        case Waiting():
            status = "waiting"
        case Taken(staff_id):
            status, by = "taken", staff_id
        case Closed():
            status = "closed"
        case _:
            assert_never(ticket.state)
    expected = None
    if reader.office is not None and ticket.first_reply_at is None and status != "closed":
        expected = expected_at(reader.office, ticket.waiting_since)
    return {
        "status": status,
        "reason": ticket.reason.value,
        "waiting_since": ticket.waiting_since,
        "waited": max(reader.now - ticket.waiting_since, reader.now - reader.now),
        "expected_at": expected,
        "is_late": expected is not None and expected < reader.now,
        "reopened": ticket.reopened,
        "holder": _name(holder, by),
        "is_mine": by == reader.staff.id,
        "may_release": by == reader.staff.id or reader.staff.role.covers(Role.LEAD),
    }


def _name(staff: Staff | None, staff_id: StaffId | None) -> str:
    return (staff.name if staff else "") or ("" if staff_id is None else str(staff_id))


def state(view: TicketView, reader: PageContext) -> dict[str, object]:
    """State of the conversation, and the actions possible for this staff member."""
    packet, ticket = view.packet, view.packet.ticket
    closed = ticket.state if isinstance(ticket.state, Closed) else None
    names = _names(view)
    return {
        **_state(ticket, packet.holder, reader),
        "id": ticket.id,
        "ban": packet.ban,
        "closed": closed,
        "solved": ticket.solved,
        "notes": [{"at": one.at, "by": names[one.by], "text": one.text} for one in view.notes],
    }


def lines(
    view: TicketView,
    *,
    after: int = 0,
    changed: datetime | None = None,
    pending: int | None = None,
) -> dict[str, object]:
    """Messages after id `after`, and earlier ones that changed since the moment `changed`.

    `pending`: id of the first message that was not delivered yet when the page was rendered.
    """
    names = _names(view)
    before = [one for one in view.talk if one.id <= after]
    moments = [moment for one in view.talk if (moment := _changed_at(one)) is not None]
    return {
        "id": view.packet.ticket.id,
        "who": view.packet.who,
        "lines": [_line(one, names) for one in view.talk if one.id > after],
        "edited": [_line(one, names) for one in before if _is_news(one, changed, pending)],
        "pending": next((one.id for one in view.talk if _is_on_its_way(one)), None),
        "newest": max((one.id for one in view.talk), default=0),
        "changed": int(max(moments).timestamp() * 1000) if moments else 0,
    }


def _is_news(message: TalkMessage, changed: datetime | None, pending: int | None) -> bool:
    moment = _changed_at(message)
    edited = changed is not None and moment is not None and moment > changed
    return edited or (
        pending is not None and message.id >= pending and not _is_on_its_way(message)
    )


def _is_on_its_way(message: TalkMessage) -> bool:
    return (
        message.author is Author.STAFF and message.in_chat is None and message.deleted_at is None
    )


def _changed_at(message: TalkMessage) -> datetime | None:
    moments = [moment for moment in (message.edited_at, message.deleted_at) if moment is not None]
    return max(moments, default=None)


def _names(view: TicketView) -> Mapping[StaffId, str]:
    known = {one.id: one.name or str(one.id) for one in view.people}
    named = {one.staff_id for one in view.talk if one.staff_id} | {one.by for one in view.notes}
    return {one: known.get(one, str(one)) for one in named}


def _line(message: TalkMessage, names: Mapping[StaffId, str]) -> Mapping[str, object]:
    ours = message.author is Author.STAFF
    return {
        "id": message.id,
        "ours": ours,
        "by": names.get(message.staff_id, "") if message.staff_id else "",
        "content": message.content.value,
        "is_text": message.content is Content.TEXT,
        "text": message.text,
        "file_name": message.file_name or "",
        "reply_to": message.reply_to,
        "at": message.at,
        "edited": message.edited_at is not None,
        "deleted": message.deleted_at is not None,
        "on_its_way": _is_on_its_way(message),
    }


def _excerpt(message: TalkMessage) -> str:
    said = " ".join(message.text.split()) or f"({message.content.value.replace('_', ' ')})"
    return said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1]}…"
