"""The `helpdesk` command. Imports wait until a command needs them, so that all start fast."""

import asyncio
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from bot.commands.faults import CommandError, ExitCode, complain
from bot.config import Settings, SettingsError, load_settings

app = typer.Typer(
    name="helpdesk",
    help="A help desk in a messenger: answers, Connects progress, phone verification.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database: migrations.", no_args_is_help=True)
app.add_typer(database, name="db")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback(invoke_without_command=True)
def helpdesk(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if show_version:
        print(f"helpdesk {version('helpdesk')}")
        raise typer.Exit


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the page is.")] = 8080,
) -> None:
    """Try everything in a browser: no token, no account, no network."""
    from bot.demo.errors import DemoError
    from bot.demo.server import serve

    try:
        asyncio.run(serve(port, announce=print))
    except DemoError as error:
        raise CommandError(str(error)) from None


@app.command()
def run() -> None:
    """Run the bot: long polling, or a webhook when HELPDESK_PUBLIC_URL is set."""
    from bot.commands.serve import serve

    asyncio.run(serve(_settings()))


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    *,
    freelancer: Annotated[str | None, typer.Option(help="Ask as this freelancer.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the answer.")] = "en",
    batch: Annotated[Path | None, typer.Option(help='JSON lines like {"q": "…"}.')] = None,
    as_json: Json = False,
) -> None:
    """Answer one question, or a file of them, on the terminal."""
    from bot.commands.questions import batch_questions, open_lines, terminal

    if (text is None) == (batch is None):
        raise CommandError("give a question, or a file of them with --batch, one of the two.")
    answering = terminal(_settings())
    if batch is not None:
        for question in batch_questions(open_lines(batch), str(batch)):
            _print_json(answering.record(question, lang))
    elif as_json:
        _print_json(answering.record(text or "", lang))
    else:
        print(answering.text(text or "", lang))
    if freelancer is not None and not as_json:
        _print_progress(freelancer, [], as_json=False)


@app.command()
def progress(
    freelancer_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    what_if: Annotated[
        list[str] | None, typer.Option(help="A step id, or plan=ID; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Where a freelancer stands, or would stand."""
    _print_progress(freelancer_id, what_if or [], as_json=as_json)


@app.command(name="import")
def import_snapshots(
    file: Annotated[Path, typer.Argument(help="NDJSON, or CSV if it ends in .csv.")],
    *,
    atomic: Annotated[bool, typer.Option("--atomic", help="All rows or none.")] = False,
) -> None:
    """Take in account snapshots."""
    from bot.commands.imports import import_file

    if asyncio.run(import_file(_settings(), file, atomic=atomic)):
        raise typer.Exit(ExitCode.FAULTS)


@app.command()
def link(freelancer_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Make a single-use link, with its QR code, that ties a chat to a freelancer."""
    from bot.commands.accounts import show_link

    asyncio.run(show_link(_settings(), freelancer_id))


@app.command()
def check() -> None:
    """Lint articles, templates and policy; each finding with file and line."""
    from bot.commands.lint import lint
    from bot.gateways.clock import SystemClock

    findings = lint(_settings(), SystemClock().now().date())
    for finding in findings:
        print(finding)
    if findings:
        raise CommandError(f"{len(findings)} findings.", ExitCode.FAULTS)
    print("No findings.")


@app.command()
def doctor() -> None:
    """Say what is missing or unreachable, and how to mend it."""
    from bot.commands.doctor import examine

    complaints = asyncio.run(examine(_settings()))
    for line in complaints:
        print(line)
    if any(not line.startswith("ok") for line in complaints):
        raise typer.Exit(ExitCode.FAULTS)


@database.command()
def upgrade() -> None:
    """Bring the tables up to this version."""
    from bot.commands.operations import upgrade_database

    asyncio.run(upgrade_database(_settings()))
    print("The database is up to date.")


def _settings() -> Settings:
    return load_settings()


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False))


def _print_progress(freelancer_id: str, changes: list[str], *, as_json: bool) -> None:
    from bot.commands.accounts import show_progress

    shown = asyncio.run(show_progress(_settings(), freelancer_id, changes, as_json=as_json))
    print(shown)


def main() -> None:
    """Every failure is one line on standard error; a traceback only with --debug."""
    try:
        code = app(standalone_mode=False)
    except (CommandError, SettingsError) as error:
        complain(str(error))
        code = error.code if isinstance(error, CommandError) else ExitCode.USAGE
    except TyperException as error:
        complain(f"{error.format_message()} See helpdesk --help.")
        code = ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        complain(f"{_sentence(error)} (--debug shows where)")
        code = ExitCode.FAULTS
    sys.exit(code or ExitCode.DONE)


def _sentence(error: Exception) -> str:
    return str(error) or type(error).__name__


if __name__ == "__main__":
    main()
