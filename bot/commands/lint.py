"""`helpdesk check`: articles and policy are linted like code."""

from datetime import date

from bot.config import Settings
from bot.content import articles_folder
from bot.desk import load_policy
from knowledge.check import check
from state.policy import MeterStep, Policy


def lint(settings: Settings, today: date) -> list[str]:
    """Findings, one line each, with file and line."""
    policy = load_policy(settings)
    findings = check(articles_folder(settings), numbers=stated_numbers(policy), today=today)
    return [f"{one.path}:{one.line}: {one.message}" for one in findings]


def stated_numbers(policy: Policy) -> dict[str, float]:
    """What articles may state, by the name their front matter uses for it."""
    verification = policy.verification
    hours = verification.lock.total_seconds() / 3600
    numbers: dict[str, float] = {
        "allowance": policy.allowance,
        "listed": policy.allowance - policy.undocumented,
        "attempts": verification.attempts,
        "lock_hours": hours,
        "code_digits": verification.code_digits,
        "code_minutes": verification.code_lifetime.total_seconds() / 60,
    }
    for step in policy.steps:
        numbers[f"{step.id}_connects"] = step.connects
        if isinstance(step, MeterStep):
            numbers["threshold"] = step.threshold
    connects = {step.connects for step in policy.steps}
    if len(connects) == 1:
        numbers["step_connects"] = connects.pop()
    return numbers
