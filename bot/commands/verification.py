"""The commands about somebody's verification. Imports wait until a command needs them."""

import asyncio
from typing import Annotated

import typer

from bot.commands.options import Json
from bot.commands.say import say
from bot.config import load_settings

verification = typer.Typer(help="Set or clear a verification by hand.", no_args_is_help=True)
explain = typer.Typer(help="Tell how something came about.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID")]
Reason = Annotated[str, typer.Option(help="Why; the audit trail keeps it.")]
By = Annotated[str, typer.Option(help="Who decided it.")]


@verification.command(name="set")
def set_(freelancer_id: Id, *, reason: Reason, by: By = "operator") -> None:
    """Let the number in use count as verified."""
    from bot.commands.by_hand import set_verification

    say(asyncio.run(set_verification(load_settings(), freelancer_id, reason=reason, by=by)))


@verification.command()
def clear(freelancer_id: Id, *, reason: Reason, by: By = "operator") -> None:
    """Take a verification back; its number is free for other accounts."""
    from bot.commands.by_hand import clear_verification

    say(asyncio.run(clear_verification(load_settings(), freelancer_id, reason=reason, by=by)))


@verification.command()
def release(
    number: Annotated[str, typer.Argument(metavar="NUMBER")],
    *,
    reason: Reason,
    by: By = "operator",
) -> None:
    """Free a number that was verified on an account erased since."""
    from bot.commands.by_hand import release_number

    say(asyncio.run(release_number(load_settings(), number, reason=reason, by=by)))


@explain.command(name="verification")
def explain_verification(freelancer_id: Id, *, as_json: Json = False) -> None:
    """The story of a round, with the rule behind each line."""
    from bot.commands.story import story_lines

    for line in asyncio.run(story_lines(load_settings(), freelancer_id, as_json=as_json)):
        say(line)
