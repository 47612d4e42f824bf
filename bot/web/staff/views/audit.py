"""View of the audit log: one page of events."""

from collections.abc import Sequence
from urllib.parse import urlencode

from state.ports import AuditFilter, AuditLine

GROUPS = ("call.", "chat.", "number.", "verification.", "step.", "ticket.", "staff.")
"""Prefixes of event kinds, offered as filters."""


def page(lines: Sequence[AuditLine], wanted_filter: AuditFilter, size: int) -> dict[str, object]:
    """Template context of a page; `lines` holds one more than `size` if there are older ones."""
    shown = lines[:size]
    more = len(lines) > size
    asked = {
        "kind": wanted_filter.kind,
        "subject": wanted_filter.subject,
        "actor": wanted_filter.actor,
    }
    given = {name: value for name, value in asked.items() if value}
    return {
        "lines": [_line(one) for one in shown],
        "wanted": wanted_filter,
        "groups": GROUPS,
        "older": urlencode({**given, "before": shown[-1].number}) if more else "",
        "filtered": bool(given),
    }


def _line(line: AuditLine) -> dict[str, object]:
    event = line.event
    return {
        "at": event.at,
        "kind": event.kind,
        "subject": event.subject,
        "actor": event.actor,
        "detail": event.detail,
        "freelancer": event.subject if is_freelancer(event.subject) else "",
    }


def is_freelancer(subject: str) -> bool:
    """Whether the event's subject is a freelancer id; other subjects hold a colon or are empty."""
    return bool(subject) and ":" not in subject
