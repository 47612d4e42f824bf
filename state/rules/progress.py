"""A freelancer's progress against the policy: which steps are done and what they grant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from state.model.account import (
    Account,
    Blocked,
    Completion,
    Done,
    Due,
    FreelancerId,
    ItemId,
    NotNeeded,
    PlanId,
    Progress,
    Standing,
    StepId,
    StepProgress,
    Unknown,
)
from state.policy import ItemsStep, MeterStep, PhoneStep, Policy, Step

PLAN_CHANGE = "plan="
NONE_REVOKED: Mapping[StepId, datetime] = {}


@dataclass(frozen=True, slots=True)
class BadChange:
    """An invalid change in a what-if question; `sentence` explains it."""

    sentence: str


def progress(
    policy: Policy,
    account: Account | None,
    completions: Sequence[Completion],
    *,
    freelancer_id: FreelancerId,
    now: datetime,
    blocked_until: datetime | None = None,
    revoked: Mapping[StepId, datetime] = NONE_REVOKED,
) -> Progress:
    """Compute progress. `blocked_until`: end of a lock; `revoked`: when staff revoked steps."""
    plan = None if account is None else policy.plan(account.plan)
    paid = plan is not None and plan.paid
    found = _standings(policy, account, completions, revoked)
    counting = [step for step in policy.steps if step.needed_when_paid or not paid]
    complete = all(isinstance(found[step.id], Done) for step in counting)
    allowance = account.plan_allowance if account is not None and paid else policy.allowance
    return Progress(
        id=freelancer_id,
        as_of=None if account is None else account.as_of,
        stale=account is not None and now - account.as_of > policy.stale_after,
        plan=None if account is None else account.plan,
        paid=paid,
        earned=allowance if complete else _earned_so_far(counting, found, paid=paid),
        allowance=allowance,
        undocumented=policy.undocumented,
        steps=tuple(
            StepProgress(
                step=step.id,
                connects=step.connects,
                standing=_shown(step, found[step.id], blocked_until, counts=step in counting),
            )
            for step in policy.steps
        ),
        complete=complete,
        completeness=None if account is None else account.completeness,
        connects_balance=None if account is None else account.connects_balance,
    )


def newly_done(policy: Policy, account: Account) -> tuple[StepId, ...]:
    """Steps that this snapshot proves, on any plan."""
    proofs = ((step.id, _reading(step, account)) for step in policy.steps)
    return tuple(step for step, standing in proofs if isinstance(standing, Done))


def phone_steps(policy: Policy) -> tuple[StepId, ...]:
    """Steps that are completed by verifying a number."""
    return tuple(step.id for step in policy.steps if isinstance(step, PhoneStep))


def what_if(
    policy: Policy,
    account: Account | None,
    completions: Sequence[Completion],
    changes: Sequence[str],
    *,
    freelancer_id: FreelancerId,
    now: datetime,
    revoked: Mapping[StepId, datetime] = NONE_REVOKED,
) -> Progress | BadChange:
    """Progress after `changes`: each is the id of a step to complete, or `plan=<id>`."""
    done = {each.step: each for each in completions}
    for change in changes:
        if change.startswith(PLAN_CHANGE):
            changed = _on_plan(policy, account, PlanId(change.removeprefix(PLAN_CHANGE)))
            if isinstance(changed, BadChange):
                return changed
            account = changed
        elif policy.step(StepId(change)) is None:
            known = ", ".join(step.id for step in policy.steps)
            return BadChange(f"“{change}” is neither a step ({known}) nor plan=<id>.")
        else:
            step = StepId(change)
            done.setdefault(step, Completion(step=step, done_at=now, proof="what-if"))
    return progress(
        policy,
        account,
        tuple(done.values()),
        freelancer_id=freelancer_id,
        now=now,
        revoked=revoked,
    )


def _on_plan(policy: Policy, account: Account | None, plan: PlanId) -> Account | BadChange:
    if policy.plan(plan) is None:
        known = ", ".join(each.id for each in policy.plans)
        return BadChange(f"“{plan}” is not a plan; the plans are {known}.")
    if account is None:
        return BadChange("The account was never read, so a change of plan cannot be shown.")
    if plan == account.plan:
        return account
    # The reported allowance is that of the old plan.
    return replace(account, plan=plan, plan_allowance=None)


def _earned_so_far(
    counting: Sequence[Step], found: Mapping[StepId, Standing], *, paid: bool
) -> int | None:
    if all(isinstance(found[step.id], Unknown) for step in counting):
        return None
    if paid:  # a paid plan grants everything at once, when complete
        return 0
    return sum(step.connects for step in counting if isinstance(found[step.id], Done))


def _shown(
    step: Step, standing: Standing, blocked_until: datetime | None, *, counts: bool
) -> Standing:
    if isinstance(standing, Done):
        return standing
    if not counts:
        return NotNeeded()
    if isinstance(step, PhoneStep) and blocked_until is not None:
        return Blocked(blocked_until)
    return standing


def _standings(
    policy: Policy,
    account: Account | None,
    completions: Sequence[Completion],
    revoked: Mapping[StepId, datetime],
) -> dict[StepId, Standing]:
    done = {each.step: Done(each.done_at) for each in completions}
    return {
        step.id: done.get(step.id)
        or _unless_revoked(_reading(step, account), revoked.get(step.id))
        for step in policy.steps
    }


def _unless_revoked(standing: Standing, struck_at: datetime | None) -> Standing:
    is_struck = isinstance(standing, Done) and struck_at is not None and standing.at <= struck_at
    return Due() if is_struck else standing


def _reading(step: Step, account: Account | None) -> Standing:
    if account is None:
        return Unknown()
    match step:
        case ItemsStep():
            return _items(step, account)
        case MeterStep():
            return _meter(step, account)
        case PhoneStep():
            return _phone(account)
        case _:
            assert_never(step)


def _items(step: ItemsStep, account: Account) -> Standing:
    readings = {item.id: account.profile.get(item.id) for item in step.items}
    missing = tuple(item for item, there in readings.items() if there is False)
    if missing:
        return Due(missing)
    return Done(account.as_of) if all(readings.values()) else Unknown()


def _meter(step: MeterStep, account: Account) -> Standing:
    if account.completeness is None:
        return Unknown()
    if account.completeness >= step.threshold:  # as reported; 79.6 is not 80
        return Done(account.as_of)
    return Due(tuple(way.id for way in step.quick_ways if not _way_done(way.id, account)))


def _way_done(way: ItemId, account: Account) -> bool:
    """Some quick ways are profile items too; a snapshot may report only one of the two."""
    said = account.quick_actions.get(way)
    return bool(account.profile.get(way) if said is None else said)


def _phone(account: Account) -> Standing:
    if account.phone_verified is None:
        return Unknown()
    return Done(account.as_of) if account.phone_verified else Due()
