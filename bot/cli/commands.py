"""Typer commands about questions, articles, verifications and personal data.

Imports wait until a command needs them, so that all start fast.
"""

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.errors import CommandError, ExitCode
from bot.cli.terminal import print_line
from bot.settings import load_settings

staff = typer.Typer(help="The people who answer.", no_args_is_help=True)


@staff.command()
def link(
    telegram_id: Annotated[int, typer.Argument(metavar="ID", help="Their id in Telegram.")],
) -> None:
    """Print a link into the staff pages; it works once, for five minutes."""
    from bot.cli.links import staff_link

    print_line(asyncio.run(staff_link(load_settings(), telegram_id)))


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


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
    from bot.articles.reader_facts import anybody_at, channels_of
    from bot.cli.ask import Asker, answers, batch_questions

    if (text is None) == (batch is None):
        raise CommandError("give a question, or a file of them with --batch, one of the two.")
    questions = [text] if text is not None else batch_questions(batch or Path())
    settings = load_settings()
    who = Asker(facts=anybody_at(channels_of(settings)))
    if freelancer is not None:
        from bot.cli.asker import asker

        who = asyncio.run(asker(settings, freelancer))
    for line in answers(settings, questions, lang, who, as_json=as_json, explain=explain):
        print_line(line)


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
    from bot.cli.evaluate import calibration, evaluation

    settings = load_settings()
    if calibrate:
        print_line(calibration(settings, questions or [], corpus))
    else:
        semantic = not without_semantic
        print_line(
            evaluation(settings, questions or [], corpus, semantic=semantic, as_json=as_json)
        )


@content.command()
def check(
    *,
    links: Annotated[
        bool, typer.Option("--links", help="Also ask each address whether it is still there.")
    ] = False,
) -> None:
    """Lint the articles against policy and templates; each finding with file and line."""
    from bot.cli.check import lint
    from bot.gateways.clock import SystemClock

    settings = load_settings()
    findings = lint(settings, SystemClock().now().date())
    if links:
        from bot.articles.catalogue import articles_folder
        from bot.cli.dead_links import dead_links
        from bot.gateways.proxy import proxy_for

        findings += asyncio.run(
            dead_links(articles_folder(settings), partial(proxy_for, settings=settings))
        )
    for finding in findings:
        print_line(finding)
    if findings:
        raise CommandError(f"{len(findings)} findings.", ExitCode.FAULTS)
    print_line("No findings.")


@content.command()
def gaps(
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far to look back.")] = 30,
    top: Annotated[int, typer.Option(min=1, help="How many groups to show.")] = 20,
    as_json: Json = False,
) -> None:
    """List questions that got no good answer, grouped by similarity and counted."""
    from bot.cli.gaps import found_gaps, gap_lines

    found = asyncio.run(found_gaps(load_settings(), days, top))
    for line in gap_lines(found, as_json=as_json):
        print_line(line)


verification = typer.Typer(help="Set or clear a verification by hand.", no_args_is_help=True)
explain = typer.Typer(help="Tell how something came about.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID")]
Reason = Annotated[str, typer.Option(help="Why; the audit trail keeps it.")]
By = Annotated[str, typer.Option(help="Who decided it.")]


@verification.command(name="set")
def set_(freelancer_id: Id, *, reason: Reason, by: By = "operator") -> None:
    """Mark the freelancer's current number as verified."""
    from bot.cli.verification import set_verification

    print_line(asyncio.run(set_verification(load_settings(), freelancer_id, reason=reason, by=by)))


@verification.command()
def clear(freelancer_id: Id, *, reason: Reason, by: By = "operator") -> None:
    """Remove a verification; its number is free for other accounts."""
    from bot.cli.verification import clear_verification

    print_line(
        asyncio.run(clear_verification(load_settings(), freelancer_id, reason=reason, by=by))
    )


@verification.command()
def release(
    number: Annotated[str, typer.Argument(metavar="NUMBER")],
    *,
    reason: Reason,
    by: By = "operator",
) -> None:
    """Free a number that is still bound to an erased account."""
    from bot.cli.verification import release_number

    print_line(asyncio.run(release_number(load_settings(), number, reason=reason, by=by)))


@explain.command(name="verification")
def explain_verification(freelancer_id: Id, *, as_json: Json = False) -> None:
    """Show a verification's history, with the rule behind each event."""
    from bot.cli.explain import history_lines

    for line in asyncio.run(history_lines(load_settings(), freelancer_id, as_json=as_json)):
        print_line(line)


people = typer.Typer()


@people.command()
def export(freelancer_id: Id) -> None:
    """Print everything stored about a person, as JSON."""
    from bot.cli.personal_data import export_record

    print_line(asyncio.run(export_record(load_settings(), freelancer_id)))


@people.command()
def forget(freelancer_id: Id) -> None:
    """Erase a person's data, except what a lock needs; their chat is notified."""
    from bot.cli.personal_data import forget_freelancer

    print_line(asyncio.run(forget_freelancer(load_settings(), freelancer_id)))


@people.command()
def correct(
    freelancer_id: Id,
    step: Annotated[str, typer.Argument(metavar="STEP", help="As the policy names it.")],
    *,
    done: Annotated[bool, typer.Option("--done/--undo", help="What it is from now on.")],
    reason: Reason,
    by: By = "operator",
) -> None:
    """Override whether a step is done; the audit trail keeps the reason."""
    from bot.cli.personal_data import correct_step

    print_line(
        asyncio.run(
            correct_step(load_settings(), freelancer_id, step, done=done, reason=reason, by=by)
        )
    )
