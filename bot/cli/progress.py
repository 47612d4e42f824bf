"""A freelancer's progress as plain text for the terminal."""

from bot.articles.marketplace import load_templating
from bot.presentation.telegram_html import plain
from bot.presentation.views import progress as view
from bot.settings import Settings
from state.model.account import Progress
from state.policy import Policy


def standing(settings: Settings, progress: Progress, policy: Policy) -> str:
    """The chat's progress message, as plain text."""
    reply = view.progress(progress, policy)
    templating = load_templating(settings, policy)
    return plain(templating.message(reply.template, reply.context, templating.language()))
