"""`helpdesk check`: lint the articles against policy and templates."""

from datetime import date

from bot.articles.catalogue import articles_folder, load_templating
from bot.articles.lint import findings
from bot.context import load_policy
from bot.settings import Settings


def lint(settings: Settings, today: date) -> list[str]:
    """Findings, one line each, with file and line number."""
    found = findings(
        articles_folder(settings),
        policy=load_policy(settings),
        templating=load_templating(settings),
        today=today,
    )
    return list(map(str, found))
