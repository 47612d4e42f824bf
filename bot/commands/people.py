"""The commands about one person's data. Imports wait until a command needs them."""

import asyncio
from typing import Annotated

import typer

from bot.commands.say import say
from bot.commands.verification import By, Id, Reason
from bot.config import load_settings

people = typer.Typer()


@people.command()
def export(freelancer_id: Id) -> None:
    """Print everything known of a person, as JSON."""
    from bot.commands.theirs import export_record

    say(asyncio.run(export_record(load_settings(), freelancer_id)))


@people.command()
def forget(freelancer_id: Id) -> None:
    """Erase a person, except what a lock needs; their chat is told."""
    from bot.commands.theirs import forget_freelancer

    say(asyncio.run(forget_freelancer(load_settings(), freelancer_id)))


@people.command()
def correct(
    freelancer_id: Id,
    step: Annotated[str, typer.Argument(metavar="STEP", help="As the policy names it.")],
    *,
    done: Annotated[bool, typer.Option("--done/--undo", help="What it is from now on.")],
    reason: Reason,
    by: By = "operator",
) -> None:
    """Put right whether a step is done; the audit trail keeps the reason."""
    from bot.commands.theirs import correct_step

    say(
        asyncio.run(
            correct_step(load_settings(), freelancer_id, step, done=done, reason=reason, by=by)
        )
    )
