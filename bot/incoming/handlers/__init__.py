"""What people can do, in the order in which it is tried: the bot's table of contents."""

from aiogram import Router

from bot.incoming.handlers import (
    account,
    ask,
    browse,
    desk_commands,
    groups,
    no_line,
    nudges,
    number,
    presence,
    privacy,
    progress,
    relay,
    talk,
    verification,
    what_if,
)
from bot.incoming.handlers import articles as rate
from bot.incoming.handlers import staff_group as desk
from bot.incoming.handlers import staff_link as staff_door

_IN_ORDER = (
    presence,
    desk_commands,
    desk,
    groups,
    staff_door,
    talk,
    account,
    number,
    no_line,
    verification,
    progress,
    what_if,
    nudges,
    privacy,
    rate,
    browse,
    relay,
    ask,
)


def routers() -> list[Router]:
    """Fresh routers each time: a Router can be attached only once."""
    return [each.router() for each in _IN_ORDER]
