"""`helpdesk check`: lint the articles against policy and templates."""

from datetime import date

from bot.articles.catalogue import articles_folder
from bot.articles.lint import findings
from bot.articles.marketplace import load_policy, load_templating
from bot.settings import Settings


def lint(settings: Settings, today: date) -> list[str]:
    """Findings, one line each, with file and line number."""
    policy = load_policy(settings)
    found = findings(
        articles_folder(settings),
        policy=policy,
        templating=load_templating(settings, policy),
        today=today,
    )
    return list(map(str, found))
