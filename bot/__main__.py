"""Command-line entry point of `helpdesk`. Commands import what they need when they run.

Late imports keep every command quick to start.
"""

import asyncio
import gc
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from bot import __version__
from bot.cli.commands import Json, content, explain, people, staff, verification
from bot.cli.errors import CommandError, ExitCode, innermost, print_error, sentence
from bot.cli.terminal import print_line
from bot.settings import LogSettings, SettingsError, load_log_settings, load_settings

app = typer.Typer(
    name="helpdesk",
    help="A help desk in a messenger: answers, Connects progress, phone verification.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database: migrations, copies.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(content)
app.add_typer(people)
app.add_typer(verification, name="verification")
app.add_typer(explain, name="explain")
app.add_typer(staff, name="staff")

DEBUG = "--debug"
RARE_COLLECTION = 1_000_000
"""Garbage collection threshold (objects) during imports, which mostly allocate."""
GENTLE_COLLECTION = 50_000
"""Garbage collection threshold (new objects) for long-running commands, after their imports."""


@app.callback(invoke_without_command=True)
def helpdesk(
    *,
    debug: Annotated[bool, typer.Option(DEBUG, help="Show tracebacks.")] = False,  # noqa: ARG001 - main looks for it, wherever it stands
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if show_version:
        print_line(f"helpdesk {__version__}")
        raise typer.Exit


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the page is.")] = 8080,
) -> None:
    """Try everything in a browser: no token, no account, no network."""
    from bot.demo.errors import DemoError
    from bot.demo.server import serve

    _stay()
    _log(load_log_settings())
    try:
        asyncio.run(serve(port, announce=print))
    except DemoError as error:
        raise CommandError(str(error)) from None


@app.command()
def run() -> None:
    """Run the bot: long polling, or a webhook when HELPDESK_PUBLIC_URL is set."""
    settings = load_settings()
    _log(settings)
    from bot.cli.serve import serve

    _stay()
    asyncio.run(serve(settings))


@app.command()
def progress(
    freelancer_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    what_if: Annotated[
        list[str] | None, typer.Option(help="A step id, or plan=ID; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a freelancer's Connects progress, as it is or as it would be after changes."""
    from bot.cli.accounts import read_progress

    settings = load_settings()
    found, policy = asyncio.run(read_progress(settings, freelancer_id, what_if or []))
    if as_json:
        from bot.presentation.api_schema import progress_json

        print_line(json.dumps(progress_json(found), ensure_ascii=False))
    else:
        from bot.cli.progress import standing

        print_line(standing(settings, found, policy))


@app.command(name="import")
def import_snapshots(
    file: Annotated[Path, typer.Argument(help="NDJSON, or CSV if it ends in .csv.")],
    *,
    atomic: Annotated[bool, typer.Option("--atomic", help="All rows or none.")] = False,
) -> None:
    """Import account snapshots."""
    from bot.cli.import_accounts import import_file, summary

    report = asyncio.run(import_file(load_settings(), file, atomic=atomic))
    if not report.rows:
        raise CommandError(f"{file} holds no rows.", ExitCode.FAULTS)
    print_line(summary(report, atomic=atomic))
    if report.refused:
        raise typer.Exit(ExitCode.FAULTS)


@app.command()
def link(freelancer_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Create a single-use link, with its QR code, that links a chat to a freelancer."""
    from bot.cli.links import link_lines

    for line in asyncio.run(link_lines(load_settings(), freelancer_id)):
        print_line(line)


@app.command()
def doctor() -> None:
    """Check the installation: what is missing or unreachable, and how to fix it."""
    from bot.cli.doctor.report import examine

    complaints = asyncio.run(examine(load_settings()))
    for line in complaints:
        print_line(line)
    if any(not line.startswith("ok") for line in complaints):
        raise typer.Exit(ExitCode.FAULTS)


@database.command()
def upgrade() -> None:
    """Migrate the database to this version."""
    from bot.cli.database import upgrade_database

    asyncio.run(upgrade_database(load_settings()))
    print_line("The database is up to date.")


@database.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Write a backup of the database to FILE, also while the desk runs."""
    from bot.cli.database import back_up

    print_line(asyncio.run(back_up(load_settings(), file)))


@database.command()
def restore(file: Annotated[Path, typer.Argument(help="What `db backup` made.")]) -> None:
    """Restore the database from a backup; stop the desk first."""
    from bot.cli import database as operations

    print_line(asyncio.run(operations.restore(load_settings(), file)))


def _stay() -> None:
    """Exempt imported objects from garbage collection, and collect often enough for a long run."""
    gc.freeze()
    gc.set_threshold(GENTLE_COLLECTION)


def _log(settings: LogSettings) -> None:
    import logging

    from bot.telemetry import logs

    logging.captureWarnings(True)
    logs.add_handler(settings.log_level, settings.log_format)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit. A failure prints one line to standard error.

    A traceback is shown only with --debug. Exit codes: `bot.cli.errors.ExitCode`.
    """
    gc.set_threshold(RARE_COLLECTION)
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names may hold letters the terminal lacks
            stream.reconfigure(errors="replace")
    try:
        code = app(
            [each for each in given if each != DEBUG], prog_name="helpdesk", standalone_mode=False
        )
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output closed the pipe, like `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.FAULTS
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except Exception as error:
        if DEBUG in given:
            raise
        code = _failed(innermost(error))
    sys.exit(code or ExitCode.DONE)


def _failed(error: BaseException) -> ExitCode:
    if isinstance(error, CommandError):
        print_error(str(error))
        return error.code
    if isinstance(error, SettingsError):
        print_error(str(error))
        return ExitCode.USAGE
    if isinstance(error, TyperException):
        if said := error.format_message():  # empty if the help was shown instead
            print_error(f"{said.rstrip('.')}. See helpdesk --help.")
        return ExitCode.USAGE
    print_error(f"{sentence(error)} (helpdesk --debug … shows where)")
    return ExitCode.FAULTS


if __name__ == "__main__":
    main()
