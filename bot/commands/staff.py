"""The commands about the people who answer. Imports wait until a command needs them."""

import asyncio
from typing import Annotated

import typer

from bot.commands.say import say
from bot.config import load_settings

staff = typer.Typer(help="The people who answer.", no_args_is_help=True)


@staff.command()
def link(
    telegram_id: Annotated[int, typer.Argument(metavar="ID", help="Their id in Telegram.")],
) -> None:
    """Print a link into the staff's pages; it works once, for five minutes."""
    from bot.commands.staff_link import staff_link

    say(asyncio.run(staff_link(load_settings(), telegram_id)))
