"""What people can do, in the order in which it is tried: the bot's table of contents."""

from aiogram import Router

from bot.handlers import (
    account,
    ask,
    browse,
    groups,
    no_line,
    number,
    presence,
    progress,
    verification,
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
        browse.router(),
        ask.router(),
    ]
