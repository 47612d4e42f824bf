"""The commands about questions and articles. Imports wait until a command needs them."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.faults import CommandError, ExitCode
from bot.commands.options import Json
from bot.commands.say import say
from bot.config import load_settings

content = typer.Typer()


@content.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    *,
    freelancer: Annotated[
        str | None, typer.Option(metavar="ID", help="Ask as this freelancer.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the answer.")] = "en",
    batch: Annotated[Path | None, typer.Option(help='JSON lines like {"q": "…"}.')] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why instead.")] = False,
    as_json: Json = False,
) -> None:
    """Answer one question, or a file of them, on the terminal."""
    from bot.commands.questions import Asker, answers, batch_questions

    if (text is None) == (batch is None):
        raise CommandError("give a question, or a file of them with --batch, one of the two.")
    questions = [text] if text is not None else batch_questions(batch or Path())
    settings = load_settings()
    who = Asker()
    if freelancer is not None:
        from bot.commands.asker import asker

        who = asyncio.run(asker(settings, freelancer))
    for line in answers(settings, questions, lang, who, as_json=as_json, explain=explain):
        say(line)


@content.command(name="eval")
def evaluate(
    *,
    questions: Annotated[
        list[Path] | None, typer.Option(help="JSON lines; the shipped set otherwise.")
    ] = None,
    corpus: Annotated[Path | None, typer.Option(help="A foreign FAQ, as JSON lines.")] = None,
    without_semantic: Annotated[
        bool, typer.Option("--without-semantic", help="Compare by words alone.")
    ] = False,
    calibrate: Annotated[bool, typer.Option(help="Choose thresholds anew, as TOML.")] = False,
    as_json: Json = False,
) -> None:
    """Measure the answers on a set of questions."""
    from bot.commands.evaluate import calibration, evaluation

    settings = load_settings()
    if calibrate:
        say(calibration(settings, questions or [], corpus))
    else:
        semantic = not without_semantic
        say(evaluation(settings, questions or [], corpus, semantic=semantic, as_json=as_json))


@content.command()
def check(
    *,
    links: Annotated[
        bool, typer.Option("--links", help="Also ask each address whether it is still there.")
    ] = False,
) -> None:
    """Lint articles, templates and policy; each finding with file and line."""
    from bot.commands.lint import lint
    from bot.gateways.clock import SystemClock

    settings = load_settings()
    findings = lint(settings, SystemClock().now().date())
    if links:
        from bot.commands.dead_links import dead_links
        from bot.content import articles_folder

        findings += asyncio.run(dead_links(articles_folder(settings)))
    for finding in findings:
        say(finding)
    if findings:
        raise CommandError(f"{len(findings)} findings.", ExitCode.FAULTS)
    say("No findings.")


@content.command()
def gaps(
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far to look back.")] = 30,
    top: Annotated[int, typer.Option(min=1, help="How many groups to show.")] = 20,
    as_json: Json = False,
) -> None:
    """What was asked and not answered, or not well: grouped by likeness, and counted."""
    from bot.commands.gaps import found_gaps, gap_lines

    found = asyncio.run(found_gaps(load_settings(), days, top))
    for line in gap_lines(found, as_json=as_json):
        say(line)
