"""View of a freelancer: account, steps, verification, corrections by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.presentation.views.verification_history import rule_of, standing_of
from state.model.account import (
    Blocked,
    Done,
    Due,
    NotNeeded,
    StepProgress,
    Unknown,
)
from state.policy import Item, ItemsStep, MeterStep, PhoneStep, Policy, Step
from state.ports import AuditEvent
from state.rules.linking import masked_name
from state.usecases.tickets.read import Dossier

BY_HAND = ("step.", "verification.set", "verification.cleared")


def page(
    dossier: Dossier, policy: Policy, *, said: str = "", fault: str = ""
) -> dict[str, object]:
    """Template context; `said` names a confirmation, `fault` an error to show."""
    progress = dossier.progress
    plan = policy.plan(progress.plan) if progress.plan else None
    return {
        "id": dossier.id,
        "name": masked_name(dossier.account.display_name) if dossier.account else None,
        "account": dossier.account,
        "progress": progress,
        "plan": plan.name if plan else "",
        "steps": [_step(one, dossier, policy) for one in progress.steps],
        "chat": dossier.chat,
        "number": dossier.number,
        "standing": standing_of(dossier.story) if dossier.story else "",
        "locked_until": dossier.story.locked_until if dossier.story else None,
        "agrees": dossier.story is None or dossier.story.agrees,
        "story": [_line(one, policy) for one in dossier.story.lines] if dossier.story else [],
        "by_hand": [one for one in reversed(dossier.history) if one.kind.startswith(BY_HAND)],
        "said": said,
        "fault": fault,
    }


def _step(one: StepProgress, dossier: Dossier, policy: Policy) -> dict[str, object]:
    rule = next(step for step in policy.steps if step.id == one.step)
    missing: Sequence[str] = ()
    at: datetime | None = None
    match one.standing:
        case Done(done_at):
            status, at = "done", done_at
        case Due(items):
            status, missing = "due", [item.name for item in _items(rule) if item.id in items]
        case Unknown():
            status = "unknown"
        case NotNeeded():
            status = "not_needed"
        case Blocked(until):
            status, at = "blocked", until
        case _:
            assert_never(one.standing)
    return {
        "id": one.step,
        "name": rule.name,
        "connects": one.connects,
        "status": status,
        "at": at,
        "missing": missing,
        "meter": dossier.account.completeness
        if dossier.account and isinstance(rule, MeterStep)
        else None,
        "threshold": rule.threshold if isinstance(rule, MeterStep) else None,
        "struck_at": dossier.revoked.get(one.step),
        "by_itself": not isinstance(rule, PhoneStep),
    }


def _items(rule: Step) -> tuple[Item, ...]:
    match rule:
        case ItemsStep():
            return rule.items
        case MeterStep():
            return rule.quick_ways
        case PhoneStep():
            return ()
        case _:
            assert_never(rule)


def _line(event: AuditEvent, policy: Policy) -> dict[str, object]:
    return {
        "at": event.at,
        "kind": event.kind,
        "detail": event.detail,
        "actor": event.actor,
        "rule": rule_of(event, policy),
    }
