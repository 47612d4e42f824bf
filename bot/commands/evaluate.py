"""`helpdesk eval`: answer quality on question sets, and the choice of thresholds."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from bot.commands.faults import CommandError
from bot.config import Settings
from bot.content import answer_engine, load_library
from knowledge.calibrate import choose, figures
from knowledge.evaluate import Observed, Report, observe, report
from knowledge.questions import BadFileError, read_corpus, read_questions, shipped_questions

_SHARES = {
    "accuracy_at_1": "the right article comes first",
    "recall_at_3": "it is among the first three",
    "mrr_at_10": "mean reciprocal rank, to the tenth",
    "answered_out_of_scope": "unanswerable, and answered all the same",
    "declined_in_scope": "answerable, and declined",
}


def observed(
    settings: Settings, questions: Sequence[Path], corpus: Path | None
) -> tuple[Observed, ...]:
    """The shipped questions and the settings' articles, unless files are given."""
    try:
        asked = [
            one for path in questions or [shipped_questions()] for one in read_questions(path)
        ]
        library = load_library(settings) if corpus is None else read_corpus(corpus)
    except BadFileError as error:
        raise CommandError(str(error)) from None
    return observe(answer_engine(library), asked, perf_counter)


def evaluation(seen: Sequence[Observed], *, as_json: bool) -> str:
    found = report(seen)
    return json.dumps(asdict(found)) if as_json else "\n".join(_lines(found))


def calibration(seen: Sequence[Observed]) -> str:
    """TOML, as the package's own file of thresholds."""
    chosen = choose(seen)
    found = asdict(figures(seen, chosen))
    return "\n".join(
        [
            "[thresholds]",
            *(f"{name} = {value}" for name, value in asdict(chosen).items()),
            "",
            "[figures]",
            f"questions = {len(seen)}",
            *(f"{name} = {value:.4f}" for name, value in found.items()),
        ]
    )


def _lines(found: Report) -> list[str]:
    """For people: a share a line, in percent."""
    counts = f"{found.n} questions: {found.in_scope} in scope, {found.out_of_scope} out of it"
    shares = [
        f"{said:42}{'-' if value is None else format(value, '.1%'):>8}"
        for name, said in _SHARES.items()
        for value in [asdict(found)[name]]
    ]
    times = f"{'half / 99 of 100 took at most':42}{found.p50_ms:8.2f} / {found.p99_ms:.2f} ms"
    return [counts, *shares, times]
