"""View of "what if": progress as it would be, with a button for each possible change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import TypeVar

from bot.presentation.buttons import OpenProgress, WhatIfButton
from bot.presentation.reply import Button, Reply, Row
from bot.presentation.views.progress import plan_name
from state.model.account import Done, Progress
from state.policy import Plan, Policy, Step
from state.rules.progress import PLAN_CHANGE

T = TypeVar("T")
MATTER = "what_if"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """The changes that a button's letters stand for under this policy."""

    steps: tuple[Step, ...]
    plan: Plan | None

    @property
    def changes(self) -> list[str]:
        """The changes as step ids and plan=ID."""
        plan = [PLAN_CHANGE + self.plan.id] if self.plan else []
        return [*plan, *(step.id for step in self.steps)]


def supposed(press: WhatIfButton, policy: Policy) -> Supposed:
    """Decode the payload's letters; letters that no longer stand for anything are ignored."""
    plans = [plan for place, plan in _lettered(policy.plans) if place == press.plan]
    return Supposed(
        steps=tuple(step for place, step in _lettered(policy.steps) if place in press.steps),
        plan=plans[0] if plans else None,
    )


def what_if(now: Progress, then: Progress, press: WhatIfButton, policy: Policy) -> Reply:
    """Progress now and with the chosen changes, with a button for each possible change."""
    chosen = supposed(press, policy)
    return Reply(
        template="what_if",
        context={
            "now": now,
            "then": then,
            "plan_now": plan_name(now, policy),
            "plan_then": plan_name(then, policy),
            "steps": [step.name for step in chosen.steps],
            "new_plan": chosen.plan.name if chosen.plan else None,
        },
        buttons=_buttons(now, press, policy),
        matter=MATTER,
        edit=press.how == "edit",
        pressed=press.how == "edit",
    )


def _buttons(now: Progress, press: WhatIfButton, policy: Policy) -> tuple[Row, ...]:
    rows: list[Row] = []
    for place, step in _lettered(policy.steps):
        if _is_open(now, step):
            with_it = "".join(sorted(set(press.steps) ^ {place}))
            label = "undo_step" if place in press.steps else "suppose_step"
            rows.append((_toggle(label, step.name, replace(press, steps=with_it)),))
    for place, plan in _lettered(policy.plans):
        if plan.id != now.plan and now.plan is not None:
            on_it = replace(press, plan="" if place == press.plan else place)
            label = "undo_plan" if place == press.plan else "suppose_plan"
            rows.append((_toggle(label, plan.name, on_it),))
    return (*rows, (Button(label="my_connects", press=OpenProgress()),))


def _toggle(label: str, name: str, press: WhatIfButton) -> Button:
    return Button(label=label, values={"name": name}, press=replace(press, how="edit"))


def _is_open(now: Progress, step: Step) -> bool:
    """Whether the step may be supposed: all but done ones, as another plan may need it."""
    return not any(one.step == step.id and isinstance(one.standing, Done) for one in now.steps)


def _lettered(things: Sequence[T]) -> list[tuple[str, T]]:
    return list(zip(ascii_lowercase, things, strict=False))
