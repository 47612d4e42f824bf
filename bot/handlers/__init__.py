"""What people can do, in the order in which it is tried: the bot's table of contents."""

from aiogram import Router

from bot.handlers import (
    account,
    ask,
    browse,
    desk,
    desk_commands,
    groups,
    no_line,
    nudges,
    number,
    presence,
    privacy,
    progress,
    rate,
    relay,
    staff_door,
    talk,
    verification,
    what_if,
)

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
