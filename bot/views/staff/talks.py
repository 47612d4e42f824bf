"""Talks with freelancers: the open ones, and one of them with all there is to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from knowledge.model import Library
from state.model.account import Blocked, Done, Due, NotNeeded, Progress, Unknown
from state.model.staff import Role, Staff, StaffId
from state.model.ticket import Author, Closed, Content, Taken, TalkMessage, Ticket, Waiting
from state.policy import Policy
from state.rules.office import Office, expected_at
from state.rules.standing import (
    CallRunning,
    CanCall,
    Locked,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
)
from state.usecases.read_tickets import Packet, TicketLine, TicketView

EXCERPT = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks, and what the page needs to know besides."""

    staff: Staff
    now: datetime
    office: Office | None


def listed(lines: Sequence[TicketLine], reader: Reader) -> dict[str, object]:
    rows = [_row(one, reader) for one in lines]
    return {
        "mine": [one for one in rows if one["is_mine"]],
        "waiting": [one for one in rows if one["status"] == "waiting"],
        "others": [one for one in rows if one["status"] == "taken" and not one["is_mine"]],
    }


def _row(line: TicketLine, reader: Reader) -> Mapping[str, object]:
    last = line.last
    return {
        **_state(line.ticket, line.holder, reader),
        "id": line.ticket.id,
        "who": line.who,
        "freelancer": line.ticket.freelancer_id or "",
        "last": "" if last is None else _excerpt(last),
        "last_by_us": last is not None and last.author is Author.STAFF,
        "last_at": None if last is None else last.at,
    }


def _state(ticket: Ticket, holder: Staff | None, reader: Reader) -> Mapping[str, object]:
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


def state(view: TicketView, reader: Reader) -> dict[str, object]:
    """Who has the talk now, and what can be done with it."""
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
    view: TicketView, *, after: int = 0, changed: datetime | None = None
) -> dict[str, object]:
    """What came after the message `after`; and what was changed since among those before."""
    names = _names(view)
    shown = [_line(one, names) for one in view.talk if one.id > after]
    edited = [
        _line(one, names)
        for one in view.talk
        if one.id <= after and changed is not None and (_changed_at(one) or changed) > changed
    ]
    moments = [moment for one in view.talk if (moment := _changed_at(one)) is not None]
    return {
        "id": view.packet.ticket.id,
        "lines": shown,
        "edited": edited,
        "newest": max((one.id for one in view.talk), default=0),
        "changed": int(max(moments).timestamp() * 1000) if moments else 0,
    }


def _changed_at(one: TalkMessage) -> datetime | None:
    moments = [moment for moment in (one.edited_at, one.deleted_at) if moment is not None]
    return max(moments, default=None)


def _names(view: TicketView) -> Mapping[StaffId, str]:
    known = {one.id: one.name or str(one.id) for one in view.people}
    named = {one.staff_id for one in view.talk if one.staff_id} | {one.by for one in view.notes}
    return {one: known.get(one, str(one)) for one in named}


def _line(one: TalkMessage, names: Mapping[StaffId, str]) -> Mapping[str, object]:
    ours = one.author is Author.STAFF
    return {
        "id": one.id,
        "ours": ours,
        "by": names.get(one.staff_id, "") if one.staff_id else "",
        "content": one.content.value,
        "is_text": one.content is Content.TEXT,
        "text": one.text,
        "file_name": one.file_name or "",
        "reply_to": one.reply_to,
        "at": one.at,
        "edited": one.edited_at is not None,
        "deleted": one.deleted_at is not None,
        "arrived": one.in_chat is not None,
    }


def _excerpt(one: TalkMessage) -> str:
    said = " ".join(one.text.split()) or f"({one.content.value.replace('_', ' ')})"
    return said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1]}…"


def packet(found: Packet, policy: Policy, library: Library) -> dict[str, object]:
    """What the desk knows already, so that nobody need be asked again."""
    ticket, progress = found.ticket, found.progress
    titles: dict[str, str] = {one.slug: one.title for one in library.articles(ticket.language)}
    return {
        "who": found.who,
        "language": ticket.language,
        "freelancer": progress.id if progress else "",
        "asked": [
            {
                "words": one.words or "",
                "outcome": one.outcome.value,
                "title": titles.get(one.slug, one.slug) if one.slug else "",
                "score": 100 * one.score,
                "helpful": one.helpful,
                "fault": one.fault.value.replace("_", " ") if one.fault else "",
                "at": one.at,
            }
            for one in ticket.asked
        ],
        "progress": progress,
        "steps": _steps(progress, policy) if progress else [],
        "verification": found.verification,
        "standing": _standing(found.verification.standing) if found.verification else None,
    }


def _steps(progress: Progress, policy: Policy) -> Sequence[Mapping[str, object]]:
    names = {step.id: step.name for step in policy.steps}
    return [{"name": names[one.step], "status": _status(one.standing)} for one in progress.steps]


def _status(standing: Done | Due | Unknown | NotNeeded | Blocked) -> str:
    match standing:
        case Done():
            return "done"
        case Due():
            return "due"
        case Unknown():
            return "unknown"
        case NotNeeded():
            return "not_needed"
        case Blocked():
            return "blocked"
        case _:
            assert_never(standing)


def _standing(found: VerificationStanding) -> Mapping[str, object]:
    match found:
        case NotStarted():
            return {"what": "not_started"}
        case CallRunning(tries_left=left):
            return {"what": "running", "left": left}
        case Locked(until):
            return {"what": "locked", "at": until}
        case VerifiedStanding(at):
            return {"what": "verified", "at": at}
        case CanCall(left):
            return {"what": "can_call", "left": left}
        case _:
            assert_never(found)
