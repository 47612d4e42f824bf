"""`helpdesk check`: the findings, as lines."""

from datetime import date

from bot.config import Settings
from bot.content import articles_folder, load_templating
from bot.desk import load_policy
from bot.linting import findings


def lint(settings: Settings, today: date) -> list[str]:
    """One line each, with file and line."""
    found = findings(
        articles_folder(settings),
        policy=load_policy(settings),
        templating=load_templating(settings),
        today=today,
    )
    return list(map(str, found))
