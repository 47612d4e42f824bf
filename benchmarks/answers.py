"""Our engine beside SQLite's full-text search and bm25s: quality, time, memory and start.

Ours is there three times: with both stages, with the first (words and meaning), and by words
alone. Every engine gets the same sets in the same run, each run a process of its own; figures are
medians of the runs, and ratios are to the first. What isn't installed is left out. "right at 5 %"
is the share of right answers where one in twenty unanswerable questions gets an answer, too; only
our scores are made for that. "second" are the times of questions that the second stage was asked,
"longest" is that of the worst text of 4,096 characters. `clinc150-dev-5` has 900 phrasings, about
as many as a hundred articles of eight; `languages-dev` asks our articles in 22 languages.
"""

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.articles.catalogue import MULTILINGUAL, SEMANTIC, answer_engine  # noqa: E402
from bot.settings import Settings  # noqa: E402 - found from any folder
from knowledge.library.loader import read_library, shipped_folder  # noqa: E402
from knowledge.model import Article, Library  # noqa: E402
from knowledge.quality.datasets import LabelledQuestion, read_corpus, read_questions  # noqa: E402
from knowledge.search.thresholds import ScoreSource  # noqa: E402
from knowledge.tokens import normalise, words  # noqa: E402
from tests.hostile.patterns import LONGEST_MESSAGE, texts  # noqa: E402

RUNS = 3
CACHE = Path(tempfile.gettempdir()) / "helpdesk-benchmark"
SETS = ROOT / "tests" / "data" / "questions"
OURS = ("questions-dev", "languages-dev")
NAMES = (*OURS, "sofmattress", "clinc150-dev-5", "hwu64-dev-5")
Search = Callable[[str], list[tuple[str, float]]]
"""Entries with their scores, best first."""


def the_set(name: str) -> tuple[Library, tuple[LabelledQuestion, ...]]:
    if name in OURS:
        return read_library(shipped_folder()), read_questions(SETS / f"{name}.jsonl")
    folder = SETS / name
    return read_corpus(folder / "corpus.jsonl"), read_questions(folder / "questions.jsonl")


def phrasings(articles: tuple[Article, ...]) -> list[tuple[str, str]]:
    return [(one.slug, text) for one in articles for text in (one.title, *one.questions)]


def first_of_each(found: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for slug, score in found:
        best.setdefault(slug, score)
    return list(best.items())


class Ours:
    """Our engine."""

    def __init__(self, library: Library, *, answers: str) -> None:
        settings = Settings.model_construct(answers=answers, cache=CACHE)
        self._engine = answer_engine(library, settings)

    def __call__(self, text: str) -> list[tuple[str, float]]:
        return [(one.slug, one.score) for one in self._engine.ask(text, "en").candidates]

    def asked_twice(self, text: str) -> bool:
        source = self._engine.explain(text, "en").source
        return source in {ScoreSource.BOTH, ScoreSource.LANGUAGES}

    def longest(self) -> float:
        """Seconds of the worst message; the fastest of three tries counts for each."""
        return max(
            min(self._took(f"{again}{text}"[:LONGEST_MESSAGE]) for again in range(3))
            for text in texts(LONGEST_MESSAGE).values()
        )

    def _took(self, text: str) -> float:
        began = perf_counter()
        self._engine.ask_all(text, "en")
        return perf_counter() - began


def fts5(library: Library) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(slug UNINDEXED, text, tokenize=porter)")
    database.executemany("INSERT INTO t VALUES (?, ?)", phrasings(library.articles("en")))

    def search(text: str) -> list[tuple[str, float]]:
        terms = " OR ".join(f'"{word}"' for word in words(normalise(text))) or '""'
        query = "SELECT slug, -rank FROM t WHERE t MATCH ? ORDER BY rank LIMIT 30"
        return first_of_each(database.execute(query, [terms]))

    return search


def bm25s(library: Library) -> Search:
    rows = phrasings(library.articles("en"))
    found = import_module("bm25s").BM25()
    tokens = [list(words(normalise(text))) for _, text in rows]
    found.index(tokens, show_progress=False)

    def search(text: str) -> list[tuple[str, float]]:
        asked = [list(words(normalise(text)))]
        numbers, scores = found.retrieve(asked, k=min(30, len(rows)), show_progress=False)
        return first_of_each(
            (rows[number][0], score) for number, score in zip(numbers[0], scores[0], strict=True)
        )

    return search


ENGINES: dict[str, tuple[Callable[[Library], Search], tuple[str, ...]]] = {
    "ours": (partial(Ours, answers="auto"), (*SEMANTIC, *MULTILINGUAL)),
    "ours, first stage": (partial(Ours, answers="english"), SEMANTIC),
    "ours, words alone": (partial(Ours, answers="words"), ()),
    "fts5": (fts5, ()),
    "bm25s": (bm25s, ("bm25s",)),
}
"""With the packages that each needs."""


def right_at(found: list[tuple[bool, bool, float]], false: float) -> float:
    """Of answerable questions; `found` says whether each is one, and right, and its score."""
    foreign = sorted((score for inside, _, score in found if not inside), reverse=True)
    border = foreign[int(false * len(foreign))] if foreign else float("nan")
    right = [score > border and first for inside, first, score in found if inside]
    return sum(right) / len(right) if foreign else float("nan")


def one_run(name: str, questions: str) -> dict[str, Any]:
    library, asked = the_set(questions)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = perf_counter()
    search = ENGINES[name][0](library)
    search("where do I begin")
    built = perf_counter() - began
    seconds: list[float] = []
    second: list[float] = []
    found: list[tuple[bool, bool, float]] = []
    third = 0
    for one in asked:
        began = perf_counter()
        best = search(one.text)
        took = perf_counter() - began
        twice = isinstance(search, Ours) and search.asked_twice(one.text)
        (second if twice else seconds).append(took)
        slugs = [slug for slug, _ in best]
        third += bool(one.relevant & set(slugs[:3]))
        first = bool(one.relevant & set(slugs[:1]))
        found.append((bool(one.relevant), first, best[0][1] if best else 0.0))
    longest = search.longest() if isinstance(search, Ours) else float("nan")
    inside = sum(answerable for answerable, _, _ in found)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "right first": sum(first for _, first, _ in found) / inside,
        "in three": third / inside,
        "right at 5 %": right_at(found, 0.05),
        "p50 ms": at(seconds, 0.5),
        "p99 ms": at(seconds, 0.99),
        "second p50 ms": at(second, 0.5),
        "second p99 ms": at(second, 0.99),
        "longest ms": longest * 1000,
        "start ms": built * 1000,
        "MiB more": (after - before) / 1024,
        "MiB": after / 1024,
    }


def at(seconds: list[float], share: float) -> float:
    """Percentile in milliseconds."""
    ordered = sorted(seconds)
    return ordered[int(len(ordered) * share)] * 1000 if ordered else float("nan")


def measured(name: str, questions: str, runs: int = RUNS) -> dict[str, float]:
    command = [sys.executable, __file__, name, questions]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603 - ourselves
        for _ in range(runs)
    ]
    return {figure: median(run[figure] for run in runs) for figure in runs[0]}


def main() -> None:
    engines = [name for name, (_, needs) in ENGINES.items() if all(map(find_spec, needs))]
    for questions in NAMES:
        print(f"\n{questions}: medians of {RUNS} runs; in brackets: times the first")
        base: dict[str, float] = {}
        for name in engines:
            measured(name, questions, runs=1)  # fills the cache of vectors, and the system's
            found = measured(name, questions)
            base = base or found
            cells = (f"{figure} {shown(value, base[figure])}" for figure, value in found.items())
            print(f"  {name:18}", "  ".join(cells), flush=True)


def shown(value: float, base: float) -> str:
    if isnan(value):
        return "-"
    return f"{value:.3f} ({value / base:.2f})" if base else f"{value:.3f}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(one_run(*sys.argv[1:])))
    else:
        main()
