"""`helpdesk check`: articles and policy are linted like code."""

from datetime import date

from bot.commands.readers import sample_readers
from bot.commands.refusals import refusals
from bot.config import Settings
from bot.content import articles_folder, load_templating
from bot.desk import load_policy
from bot.views import answers
from knowledge.check import Judge, check
from knowledge.model import Article
from knowledge.numbers import Stated
from state.model.question import QuestionId
from state.policy import MeterStep, Policy


def lint(settings: Settings, today: date) -> list[str]:
    """Findings, one line each, with file and line."""
    policy = load_policy(settings)
    findings = check(
        articles_folder(settings),
        numbers=stated_numbers(policy),
        readers=sample_readers(policy),
        judge=judge(settings),
        today=today,
    )
    return list(map(str, findings))


def judge(settings: Settings) -> Judge:
    """Looks at the very message that the chat would get."""
    templating = load_templating(settings)

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
