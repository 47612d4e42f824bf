"""`helpdesk eval`: measure answer quality on question sets, and calibrate thresholds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter

from bot.articles.catalogue import answer_engine, compares, load_library
from bot.cli.errors import CommandError
from bot.settings import Settings
from knowledge.answering.engine import AnswerEngine
from knowledge.model import DEFAULT_LANGUAGE
from knowledge.quality.calibrate import answer_rates, choose_thresholds
from knowledge.quality.datasets import BadFileError, read_corpus, read_questions, shipped_questions
from knowledge.quality.metrics import Observed, Report, observe, quality_report
from knowledge.search.thresholds import ScoreSource

_SHARES = {
    "accuracy_at_1": "the right article comes first",
    "recall_at_3": "it is among the first three",
    "mrr_at_10": "mean reciprocal rank, to the tenth",
    "answered_out_of_scope": "unanswerable, and answered all the same",
    "declined_in_scope": "answerable, and declined",
}


def evaluation(
    settings: Settings,
    questions: Sequence[Path],
    corpus: Path | None,
    *,
    semantic: bool,
    as_json: bool,
) -> str:
    """Quality measures as text or JSON.

    Without `questions`, the shipped set; without `corpus`, the configured articles. CommandError
    for an invalid file.
    """
    found = quality_report(_observed(_engine(settings, corpus, semantic=semantic), questions))
    return json.dumps(asdict(found)) if as_json else "\n".join(_lines(found))


def calibration(settings: Settings, questions: Sequence[Path], corpus: Path | None) -> str:
    """Thresholds fitted to the questions, as TOML: by words alone, and with meaning.

    In the format of the package's own thresholds file. CommandError without the `semantic` extra.
    """
    if not compares(settings):
        raise CommandError("both halves are calibrated, so install the extra: helpdesk[semantic].")
    return "\n".join(
        line
        for half in ScoreSource
        for line in _calibrated(
            half, _engine(settings, corpus, semantic=half is ScoreSource.MEANING), questions
        )
    )


def _engine(settings: Settings, corpus: Path | None, *, semantic: bool) -> AnswerEngine:
    wanted = settings if semantic else settings.model_copy(update={"answers": "words"})
    try:
        library = load_library(settings) if corpus is None else read_corpus(corpus)
    except BadFileError as error:
        raise CommandError(str(error)) from None
    return answer_engine(library, wanted)


def _observed(engine: AnswerEngine, questions: Sequence[Path]) -> tuple[Observed, ...]:
    try:
        asked = [
            one for path in questions or [shipped_questions()] for one in read_questions(path)
        ]
    except BadFileError as error:
        raise CommandError(str(error)) from None
    return observe(engine, asked, perf_counter)


def _calibrated(
    source: ScoreSource, engine: AnswerEngine, questions: Sequence[Path]
) -> Iterator[str]:
    seen = _observed(engine, questions)
    chosen = choose_thresholds(seen)
    yield f"[{source}.thresholds]"
    typical = engine.thresholds(DEFAULT_LANGUAGE).typical
    for name, value in asdict(replace(chosen, typical=typical)).items():
        if value is not None:
            yield f"{name} = {value:.4g}"
    yield from ("", f"[{source}.figures]", f"questions = {len(seen)}")
    for name, value in asdict(answer_rates(seen, chosen)).items():
        yield f"{name} = {value:.4f}"
    yield ""


def _lines(report: Report) -> list[str]:
    """The report as text: one measure per line, in percent."""
    counts = f"{report.n} questions: {report.in_scope} in scope, {report.out_of_scope} out of it"
    shares = [
        f"{said:42}{'-' if value is None else format(value, '.1%'):>8}"
        for name, said in _SHARES.items()
        for value in [asdict(report)[name]]
    ]
    times = f"{'half / 99 of 100 took at most':42}{report.p50_ms:8.2f} / {report.p99_ms:.2f} ms"
    return [counts, *shares, times]
