"""Progress as the API and the terminal print it (docs: the public interface)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from state.model.account import (
    Blocked,
    Done,
    Due,
    NotNeeded,
    Progress,
    StepProgress,
    Unknown,
)


def progress_json(progress: Progress) -> Mapping[str, Any]:
    return {
        "id": progress.id,
        "as_of": iso(progress.as_of),
        "stale": progress.stale,
        "plan": progress.plan,
        "earned": progress.earned,
        "allowance": progress.allowance,
        "undocumented": progress.undocumented,
        "steps": [_step(step) for step in progress.steps],
    }


def _step(step: StepProgress) -> Mapping[str, Any]:
    shape: dict[str, Any] = {
        "id": step.step,
        "status": "",
        "connects": step.connects,
        "missing": [],
        "done_at": None,
        "blocked_until": None,
    }
    match step.standing:
        case Done(at):
            shape |= {"status": "done", "done_at": iso(at)}
        case Due(missing):
            shape |= {"status": "due", "missing": list(missing)}
        case Unknown():
            shape["status"] = "unknown"
        case NotNeeded():
            shape["status"] = "not_needed"
        case Blocked(until):
            shape |= {"status": "blocked", "blocked_until": iso(until)}
        case _:
            assert_never(step.standing)
    return shape


def iso(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, like `2026-11-23T12:00:00Z`."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
