"""Our engine beside SQLite's full-text search and bm25s: quality, time, memory and start.

Every engine gets the same sets in the same run, each run a process of its own; times are medians
of the runs, and ratios are to ours. bm25s is left out where it is not installed.
"""

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from knowledge.engine import AnswerEngine  # noqa: E402 - found from any folder
from knowledge.library import load, shipped_folder  # noqa: E402
from knowledge.model import Article, Library  # noqa: E402
from knowledge.questions import Asked, read_corpus, read_questions  # noqa: E402
from knowledge.text import normalise, words  # noqa: E402

RUNS = 5
SETS = ROOT / "tests" / "data" / "questions"
NAMES = ("questions-dev", "sofmattress", "clinc150-dev-5", "hwu64-dev-5")
Search = Callable[[str], list[str]]


def the_set(name: str) -> tuple[Library, tuple[Asked, ...]]:
    if name == "questions-dev":
        return load(shipped_folder()), read_questions(SETS / f"{name}.jsonl")
    folder = SETS / name
    return read_corpus(folder / "corpus.jsonl"), read_questions(folder / "questions.jsonl")


def phrasings(articles: tuple[Article, ...]) -> list[tuple[str, str]]:
    return [(one.slug, text) for one in articles for text in (one.title, *one.questions)]


def first_of_each(slugs: list[str]) -> list[str]:
    return list(dict.fromkeys(slugs))


def ours(library: Library) -> Search:
    engine = AnswerEngine(library)

    def search(text: str) -> list[str]:
        answer = engine.ask(text, "en")
        return [one.slug for one in answer.candidates]

    return search


def fts5(library: Library) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(slug UNINDEXED, text, tokenize=porter)")
    database.executemany("INSERT INTO t VALUES (?, ?)", phrasings(library.articles("en")))

    def search(text: str) -> list[str]:
        terms = " OR ".join(f'"{word}"' for word in words(normalise(text))) or '""'
        query = "SELECT slug FROM t WHERE t MATCH ? ORDER BY rank LIMIT 30"
        return first_of_each([row[0] for row in database.execute(query, [terms])])

    return search


def bm25s(library: Library) -> Search:
    rows = phrasings(library.articles("en"))
    found = import_module("bm25s").BM25()
    tokens = [list(words(normalise(text))) for _, text in rows]
    found.index(tokens, show_progress=False)

    def search(text: str) -> list[str]:
        asked = [list(words(normalise(text)))]
        numbers, _ = found.retrieve(asked, k=min(30, len(rows)), show_progress=False)
        return first_of_each([rows[number][0] for number in numbers[0]])

    return search


ENGINES = {"ours": ours, "fts5": fts5, "bm25s": bm25s}


def one_run(engine: str, name: str) -> dict[str, Any]:
    library, asked = the_set(name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = perf_counter()
    search = ENGINES[engine](library)
    built = perf_counter() - began
    seconds: list[float] = []
    first = third = inside = 0
    for one in asked:
        began = perf_counter()
        slugs = search(one.text)
        seconds.append(perf_counter() - began)
        if one.relevant:
            inside += 1
            first += bool(one.relevant & set(slugs[:1]))
            third += bool(one.relevant & set(slugs[:3]))
    seconds.sort()
    return {
        "accuracy@1": first / inside,
        "recall@3": third / inside,
        "p50 ms": seconds[len(seconds) // 2] * 1000,
        "p99 ms": seconds[int(len(seconds) * 0.99)] * 1000,
        "start ms": built * 1000,
        "MiB more": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    }


def measured(engine: str, name: str) -> dict[str, float]:
    command = [sys.executable, __file__, engine, name]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603 - ourselves
        for _ in range(RUNS)
    ]
    return {figure: median(run[figure] for run in runs) for figure in runs[0]}


def main() -> None:
    engines = [name for name in ENGINES if name != "bm25s" or find_spec("bm25s")]
    for name in NAMES:
        print(f"{name}, {RUNS} runs each; in brackets: times ours")
        base: dict[str, float] = {}
        for engine in engines:
            found = measured(engine, name)
            base = base or found
            cells = (
                f"{figure} {value:.3f} ({value / base[figure]:.2f})"
                if base[figure]
                else f"{figure} {value:.3f}"
                for figure, value in found.items()
            )
            print(f"  {engine:6}", "  ".join(cells))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(one_run(*sys.argv[1:])))
    else:
        main()
