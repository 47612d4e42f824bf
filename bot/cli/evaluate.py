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
from knowledge.quality.calibrate import LIMITS, answer_rates, choose_thresholds
from knowledge.quality.datasets import (
    BadFileError,
    LabelledQuestion,
    read_corpus,
    read_questions,
    shipped_questions,
)
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
    asked = _questions(questions)
    engine = _engine(settings, corpus, answers=settings.answers if semantic else "words")
    found = quality_report(observe(engine, asked, perf_counter))
    return json.dumps(asdict(found)) if as_json else "\n".join(_lines(found))


def calibration(settings: Settings, questions: Sequence[Path], corpus: Path | None) -> str:
    """Thresholds fitted to the questions, as TOML, for each source of scores.

    In the format of the package's own thresholds file. CommandError without the `semantic` extra;
    without the `multilingual` one, those of the second stage are left out.
    """
    if not compares(settings):
        raise CommandError("both halves are calibrated, so install the extra: helpdesk[semantic].")
    asked = _questions(questions)
    whole = _engine(settings, corpus, answers=settings.answers)
    seen = observe(whole, asked, perf_counter)
    ours = [one.asked for one in seen if one.source is not ScoreSource.LANGUAGES]
    lines: list[str] = []
    for source, answers in (ScoreSource.WORDS, "words"), (ScoreSource.MEANING, "english"):
        engine = _engine(settings, corpus, answers=answers)
        lines += _calibrated(source, engine, observe(engine, ours, perf_counter))
    for source in (ScoreSource.BOTH, ScoreSource.LANGUAGES):
        left = [one for one in seen if one.source is source]
        lines += _calibrated(source, whole, left) if left else ()
    return "\n".join(lines)


def _engine(settings: Settings, corpus: Path | None, *, answers: str) -> AnswerEngine:
    wanted = settings.model_copy(update={"answers": answers})
    try:
        library = load_library(settings) if corpus is None else read_corpus(corpus)
    except BadFileError as error:
        raise CommandError(str(error)) from None
    return answer_engine(library, wanted)


def _questions(paths: Sequence[Path]) -> list[LabelledQuestion]:
    try:
        return [one for path in paths or [shipped_questions()] for one in read_questions(path)]
    except BadFileError as error:
        raise CommandError(str(error)) from None


def _calibrated(
    source: ScoreSource, engine: AnswerEngine, seen: Sequence[Observed]
) -> Iterator[str]:
    chosen = choose_thresholds(seen, LIMITS[source])
    typical = engine.explain(seen[0].asked.text, DEFAULT_LANGUAGE).thresholds.typical
    yield f"[{source}.thresholds]"
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
