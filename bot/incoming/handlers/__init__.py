"""All routes, in order of precedence: the bot's table of contents."""

from collections.abc import Sequence
from typing import Final

from bot.incoming.handlers import (
    account,
    articles,
    ask,
    groups,
    jobs,
    nudges,
    number,
    presence,
    privacy,
    progress,
    relay,
    staff_group,
    staff_link,
    talk,
    verification,
)
from bot.incoming.routing import Route

ROUTES: Final[Sequence[Route]] = (
    *presence.ROUTES,
    *staff_group.ROUTES,
    *groups.ROUTES,
    *staff_link.ROUTES,
    *talk.ROUTES,
    *account.ROUTES,
    *number.ROUTES,
    *verification.ROUTES,
    *progress.ROUTES,
    *nudges.ROUTES,
    *privacy.ROUTES,
    *jobs.ROUTES,
    *articles.ROUTES,
    *relay.ROUTES,
    *ask.ROUTES,
)
