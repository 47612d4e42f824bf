"""What people can do, in the order in which it is tried: the bot's table of contents."""

from aiogram import Router

from bot.handlers import (
    account,
    ask,
    browse,
    groups,
    no_line,
    nudges,
    number,
    presence,
    privacy,
    progress,
    rate,
    verification,
    what_if,
)


def routers() -> list[Router]:
    """Fresh routers each time: a Router can be attached only once."""
    return [
        presence.router(),
        groups.router(),
        account.router(),
        number.router(),
        no_line.router(),
        verification.router(),
        progress.router(),
        what_if.router(),
        nudges.router(),
        privacy.router(),
        rate.router(),
        browse.router(),
        ask.router(),
    ]
