"""Articles and policy are linted like code: what is checked, and edits and drafts are held to."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from bot.content import Lint
from bot.readers import sample_readers
from bot.refusals import refusals
from bot.templating import Templating
from bot.views import answers
from knowledge.check import Judge, check
from knowledge.document import Finding
from knowledge.model import Article
from knowledge.numbers import Stated
from state.model.question import QuestionId
from state.policy import MeterStep, Policy


def findings(
    folder: Path,
    *,
    policy: Policy,
    templating: Templating,
    today: date | None,
    only: Collection[Path] | None = None,
) -> list[Finding]:
    return check(
        folder,
        numbers=stated_numbers(policy),
        readers=sample_readers(policy),
        judge=judge(templating),
        today=today,
        only=only,
    )


def lint_of_edits(folder: Path, policy: Policy, templating: Templating) -> Lint:
    """What is wrong with files that were edited; their age is nothing to refuse an edit for."""

    def faults(edited: Collection[Path]) -> list[Finding]:
        found = findings(folder, policy=policy, templating=templating, today=None, only=edited)
        return [one for one in found if one.path in edited]

    return faults


def judge(templating: Templating) -> Judge:
    """Looks at the very message that the chat would get."""

    def refused(article: Article) -> list[str]:
        reply = answers.article(answers.Shown(article=article, record=QuestionId(1)))
        language = templating.language(article.language)
        return list(refusals(templating.message(reply.template, reply.context, language)))

    return refused


def stated_numbers(policy: Policy) -> dict[str, Stated]:
    """What articles may state, by the name their front matter uses for it."""
    verification = policy.verification
    numbers = {
        "allowance": Stated(policy.allowance, "Connects"),
        "listed": Stated(policy.allowance - policy.undocumented, "Connects"),
        "attempts": Stated(verification.attempts, "attempts"),
        "lock_hours": Stated(verification.lock.total_seconds() / 3600, "hours"),
        "code_digits": Stated(verification.code_digits),
        "code_minutes": Stated(verification.code_lifetime.total_seconds() / 60),
    }
    for step in policy.steps:
        numbers[f"{step.id}_connects"] = Stated(step.connects, "Connects")
        if isinstance(step, MeterStep):
            numbers["threshold"] = Stated(step.threshold, "%")
    connects = {step.connects for step in policy.steps}
    if len(connects) == 1:
        numbers["step_connects"] = Stated(connects.pop(), "Connects")
    return numbers
