"""Views of Connects progress: one line per step, what is missing, and what to do next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from bot.presentation.buttons import (
    OpenProgress,
    ReminderButton,
    ShowArticle,
    Verify,
    WhatIfButton,
)
from bot.presentation.reply import Button, Reply, Row
from bot.presentation.views.handover_button import person
from state.model.account import (
    Blocked,
    Done,
    Due,
    ItemId,
    NotNeeded,
    Progress,
    StepProgress,
    Unknown,
)
from state.model.ticket import HandOver
from state.model.work import PullTrouble
from state.policy import Item, ItemsStep, MeterStep, PhoneStep, Policy, Step
from state.usecases.progress.read import NotFound

MATTER = "progress"
FAILED = person(HandOver.TOOL_FAILURE)
_BAR = 10
"""Length of the progress bar in characters."""


def reading(
    found: Progress | NotFound, policy: Policy, *, edit: bool = False, awaited: bool = False
) -> Reply:
    """Progress message; `awaited`: a newer snapshot was requested, and will be edited in."""
    match found:
        case Progress():
            return progress(found, policy, edit=edit, note="awaited" if awaited else None)
        case NotFound():
            return Reply(template="not_found", buttons=((FAILED,),))
        case _:
            assert_never(found)


def pulled(found: Progress, policy: Policy, trouble: PullTrouble | None) -> Reply:
    """Edit of the progress message after the marketplace was asked."""
    match trouble:
        case PullTrouble.NOT_FOUND:
            return Reply(template="not_found", buttons=((FAILED,),), matter=MATTER, edit=True)
        case PullTrouble.NOT_REACHED:
            return progress(found, policy, edit=True, note="not_reached")
        case None:
            return progress(found, policy, edit=True)
        case _:
            assert_never(trouble)


def progress(
    shown: Progress, policy: Policy, *, edit: bool = False, note: str | None = None
) -> Reply:
    """Progress message; `note` names a remark about the snapshot, besides its time."""
    return Reply(
        template="progress",
        context={
            "progress": shown,
            "note": note,
            "plan_name": plan_name(shown, policy),
            "bar": _bar(shown),
            "left": sum(_is_left(one) for one in shown.steps),
            "opens_all": _opens_more_than_it_lists(shown),
            "steps": [_step(one, shown, policy) for one in shown.steps],
        },
        buttons=_buttons(shown, policy),
        matter=MATTER,
        edit=edit,
        pressed=edit,
    )


def why_allowance(policy: Policy) -> Reply:
    """Explains why the allowance exceeds the sum of the listed steps."""
    return Reply(
        template="why_allowance",
        context={
            "listed": policy.allowance - policy.undocumented,
            "allowance": policy.allowance,
            "gap": policy.undocumented,
        },
    )


def step_opened(shown: Progress, opened: Sequence[str], policy: Policy) -> Reply:
    """Notice that steps were completed."""
    steps = [step for step in policy.steps if step.id in opened]
    return Reply(
        template="step_opened",
        context={
            "names": ", ".join(step.name for step in steps),
            "plus": sum(step.connects for step in steps),
            "paid": shown.paid,
            "counts": any(step.needed_when_paid or not shown.paid for step in steps),
            "earned": shown.earned,
            "allowance": shown.allowance,
            "complete": shown.complete,
        },
        buttons=((Button(label="my_connects", press=OpenProgress()),),),
    )


def plan_name(shown: Progress, policy: Policy) -> str:
    """Name of the freelancer's plan; empty if unknown."""
    plan = policy.plan(shown.plan) if shown.plan else None
    return plan.name if plan else ""


def _is_left(step: StepProgress) -> bool:
    return isinstance(step.standing, Due | Unknown | Blocked)


def _opens_more_than_it_lists(shown: Progress) -> bool:
    """Whether the full allowance exceeds the sum of the steps, which the text then explains."""
    known = shown.earned is not None
    return known and shown.undocumented > 0 and not (shown.complete or shown.paid)


def _bar(shown: Progress) -> str:
    if shown.earned is None or not shown.allowance:
        return ""
    full = _BAR * shown.earned // shown.allowance
    return "▰" * full + "▱" * (_BAR - full)


def _step(step: StepProgress, shown: Progress, policy: Policy) -> dict[str, Any]:
    rule = _rule(policy, step)
    done_at: datetime | None = None
    until: datetime | None = None
    missing: Sequence[ItemId] = ()
    match step.standing:
        case Done(at):
            status, done_at = "done", at
        case Due(items):
            status, missing = "due", items
        case Unknown():
            status = "unknown"
        case NotNeeded():
            status = "not_needed"
        case Blocked(blocked_until):
            status, until = "blocked", blocked_until
        case _:
            assert_never(step.standing)
    return {
        "status": status,
        "name": rule.name,
        "connects": 0 if shown.paid else step.connects,
        "done_at": done_at,
        "blocked_until": until,
        "missing": [_item(rule, item) for item in missing],
        "meter": shown.completeness if isinstance(rule, MeterStep) else None,
        "threshold": rule.threshold if isinstance(rule, MeterStep) else None,
        "path": rule.path,
    }


def _rule(policy: Policy, one: StepProgress) -> Step:
    """The policy's step; always found, since progress is computed from the same policy."""
    return next(step for step in policy.steps if step.id == one.step)


def _item(rule: Step, item_id: ItemId) -> Item:
    items: tuple[Item, ...] = ()
    match rule:
        case ItemsStep():
            items = rule.items
        case MeterStep():
            items = rule.quick_ways
        case PhoneStep():
            pass
        case _:
            assert_never(rule)
    return next(item for item in items if item.id == item_id)


def _buttons(shown: Progress, policy: Policy) -> tuple[Row, ...]:
    """One button per open step, then refresh and the explained sum."""
    rows: list[Row] = []
    for one in shown.steps:
        rule = _rule(policy, one)
        if _is_left(one):
            rows.append(_next_thing(rule, one))
            rows += _pages(rule, one)
    what_if = Button(label="what_if", press=WhatIfButton())
    remind = Button(label="remind_weekly", press=ReminderButton())
    rows.append((what_if,) if shown.complete else (what_if, remind))
    last: Row = (Button(label="refresh", press=OpenProgress("refresh")),)
    if policy.undocumented and not shown.paid:
        why = Button(
            label="why_allowance",
            values={"allowance": policy.allowance},
            press=OpenProgress("why"),
        )
        last = (*last, why)
    return (*rows, last)


def _pages(rule: Step, step: StepProgress) -> list[Row]:
    """Links to the marketplace's pages for the missing items."""
    missing = step.standing.missing if isinstance(step.standing, Due) else ()
    items = [_item(rule, item) for item in missing]
    return [
        (Button(label="open_page", values={"step": item.name}, url=item.url),)
        for item in items
        if item.url
    ]


def _next_thing(rule: Step, step: StepProgress) -> Row:
    if isinstance(rule, PhoneStep) and not isinstance(step.standing, Unknown):
        return (Button(label="verify_phone", press=Verify("start")),)
    how = Button(label="how_to", values={"step": rule.name}, press=ShowArticle(rule.article))
    if rule.url:
        return (Button(label="open_page", values={"step": rule.name}, url=rule.url), how)
    return (how,)
