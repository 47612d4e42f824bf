"""Data export: a person's record as JSON, with all personal data and no secrets.

Left out: seeds and keys of codes, hashes of links and numbers, and which staff member acted.
"""

import json
from collections.abc import Mapping
from typing import Any, assert_never

from bot.presentation.api_schema import iso, snapshot_of
from bot.storable_text import storable
from state.model.account import Account, Completion
from state.model.chat import Chat, LinkOffer
from state.model.question import Question
from state.model.staff import Ban
from state.model.ticket import Closed, TalkMessage
from state.model.verification import CallSession, Ended, LockedOut, Open, Round, Verified
from state.ports import AuditEvent, NumberRecord
from state.usecases.privacy.export import AccountRecord, Record, TalkRecord

STAFF = "staff"


def record_json(record: Record) -> Mapping[str, Any]:
    """The record as a JSON object."""
    return {
        "made_at": iso(record.made_at),
        "account": None if record.account is None else _account_record(record.account),
        "chat": None if record.chat is None else _chat(record.chat),
        "questions": [_question(one) for one in record.questions],
        "talks": [_talk(one) for one in record.talks],
        "ban": None if record.ban is None else _ban(record.ban),
    }


def record_text(record: Record) -> str:
    """The record as indented JSON text.

    Cleaned once more, since old snapshots may hold lone surrogates.
    """
    return storable(json.dumps(record_json(record), ensure_ascii=False, indent=2))


def _account_record(record: AccountRecord) -> Mapping[str, Any]:
    return {
        "id": record.id,
        "reading": None if record.account is None else _reading(record.account),
        "steps_done": [_completion(one) for one in record.completions],
        "steps_taken_back": {step: iso(at) for step, at in record.revoked.items()},
        "numbers": [_number(one) for one in record.numbers],
        "verification": _round(record.round),
        "calls": [_call(one) for one in record.calls],
        "number_locked_until": iso(record.number_locked_until),
        "links": [_link(one) for one in record.links],
        "history": [_line(one) for one in record.audit],
    }


def _reading(account: Account) -> Mapping[str, Any]:
    """The snapshot without `id`, which the enclosing object has."""
    return {name: value for name, value in snapshot_of(account).items() if name != "id"}


def _completion(done: Completion) -> Mapping[str, Any]:
    return {"step": done.step, "done_at": iso(done.done_at), "proof": done.proof}


def _number(record: NumberRecord) -> Mapping[str, Any]:
    return {
        "number": record.number,
        "set_at": iso(record.set_at),
        "replaced_at": iso(record.replaced_at),
        "verified_at": iso(record.verified_at),
    }


def _round(found: Round) -> Mapping[str, Any]:
    match found:
        case Open(wrong_at):
            return {"status": "open", "wrong_codes_at": [iso(at) for at in wrong_at]}
        case LockedOut(until):
            return {"status": "locked", "until": iso(until)}
        case Verified(at):
            return {"status": "verified", "at": iso(at)}
        case _:
            assert_never(found)


def _call(session: CallSession) -> Mapping[str, Any]:
    ended = session.phase if isinstance(session.phase, Ended) else None
    return {
        "number": session.number,
        "by": session.channel,
        "opened_at": iso(session.opened_at),
        "ended_at": None if ended is None else iso(ended.at),
        "ended": None if ended is None else ended.how,
    }


def _link(offer: LinkOffer) -> Mapping[str, Any]:
    return {"expires_at": iso(offer.expires_at), "used_at": iso(offer.used_at)}


def _line(event: AuditEvent) -> Mapping[str, Any]:
    """An audit event; the staff member is not named, since that is not the freelancer's data."""
    by = STAFF if event.actor.startswith(STAFF) else event.actor
    return {"at": iso(event.at), "what": event.kind, "by": by, "detail": event.detail}


def _chat(chat: Chat) -> Mapping[str, Any]:
    return {
        "id": chat.id,
        "linked_at": iso(chat.linked_at),
        "language": chat.language,
        "blocked_at": iso(chat.blocked_at),
        "next_reminder_at": iso(chat.nudge_at),
    }


def _question(question: Question) -> Mapping[str, Any]:
    return {
        "asked_at": iso(question.asked_at),
        "words": question.words,
        "language": question.language,
        "outcome": question.outcome,
        "article": question.slug,
        "helpful": question.helpful,
        "fault": question.fault,
    }


def _talk(record: TalkRecord) -> Mapping[str, Any]:
    """A conversation; staff members are not named, since that is not the freelancer's data."""
    ticket = record.ticket
    return {
        "number": ticket.id,
        "opened_at": iso(ticket.opened_at),
        "reason": ticket.reason,
        "came_back": ticket.reopened,
        "closed_at": iso(ticket.state.at) if isinstance(ticket.state, Closed) else None,
        "solved": ticket.solved,
        "said": [_said(one) for one in record.messages],
        "notes": [{"at": iso(one.at), "text": one.text} for one in record.notes],
    }


def _said(message: TalkMessage) -> Mapping[str, Any]:
    return {
        "at": iso(message.at),
        "by": message.author,
        "kind": message.content,
        "text": message.text,
        "file": message.file_name,
        "edited_at": iso(message.edited_at),
        "deleted_at": iso(message.deleted_at),
    }


def _ban(ban: Ban) -> Mapping[str, Any]:
    return {"since": iso(ban.at), "reason": ban.reason}
