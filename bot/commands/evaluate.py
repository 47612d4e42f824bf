"""`helpdesk eval`: answer quality on a question set."""

import json
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from bot.commands.faults import CommandError
from bot.config import Settings
from bot.content import answer_engine, load_library
from knowledge.evaluate import Report, observe, report
from knowledge.questions import BadFileError, read_corpus, read_questions, shipped_questions

_SHARES = {
    "accuracy_at_1": "the right article comes first",
    "recall_at_3": "it is among the first three",
    "mrr_at_10": "mean reciprocal rank, to the tenth",
    "answered_out_of_scope": "unanswerable, and answered all the same",
    "declined_in_scope": "answerable, and declined",
}


def evaluation(settings: Settings, questions: Path | None, corpus: Path | None) -> Report:
    """The shipped questions and the settings' articles, unless files are given."""
    try:
        asked = read_questions(questions or shipped_questions())
        library = load_library(settings) if corpus is None else read_corpus(corpus)
    except BadFileError as error:
        raise CommandError(str(error)) from None
    return report(observe(answer_engine(library), asked, perf_counter))


def as_json(found: Report) -> str:
    return json.dumps(asdict(found))


def as_lines(found: Report) -> list[str]:
    """For people: a share a line, in percent."""
    counts = f"{found.n} questions: {found.in_scope} in scope, {found.out_of_scope} out of it"
    shares = [
        f"{said:42}{'-' if value is None else format(value, '.1%'):>8}"
        for name, said in _SHARES.items()
        for value in [asdict(found)[name]]
    ]
    times = f"{'half / 99 of 100 took at most':42}{found.p50_ms:8.2f} / {found.p99_ms:.2f} ms"
    return [counts, *shares, times]
