"""Handlers in groups: a command, or a job asked of the bot, gets a pointer to the private chat.

All else is ignored.
"""

from bot.incoming.handlers.conditions import calls_for_job, in_group
from bot.incoming.routing import any_button, command, message
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies
from bot.presentation.views import account as account_views

ANSWERED = ("start", "help", "connects", "verify", "nudges", "privacy", "export", "forget")


async def point_to_private(turn: Turn) -> Replies:
    return [account_views.plain("private_only")]


async def stay_silent(turn: Turn) -> Replies:
    return []


ROUTES = (
    command(ANSWERED, point_to_private, in_group),
    message(point_to_private, in_group, calls_for_job),
    message(stay_silent, in_group),
    any_button(stay_silent, in_group),
)
