"""`helpdesk ask`: answer questions on the terminal, one or a batch."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, assert_never

from bot.articles.catalogue import answer_engine, load_library
from bot.articles.marketplace import load_policy, load_templating
from bot.cli.errors import CommandError
from bot.presentation.telegram_html import plain
from bot.presentation.templates import Templating
from bot.presentation.views import answers as view
from bot.settings import Settings
from knowledge.answering.engine import CANDIDATES, AnswerEngine, Explanation
from knowledge.facts import NOBODY, Facts
from knowledge.library.personalisation import render_for
from knowledge.model import Answer, AskedForJob, Found, Job, Nothing, SmallTalk, Unsure
from knowledge.search.index import Ranked
from knowledge.search.thresholds import ScoreSource

_COMPARED_BY = {
    ScoreSource.WORDS: "words",
    ScoreSource.MEANING: "words and meaning",
    ScoreSource.BOTH: "words and meaning, then the second stage with them",
    ScoreSource.LANGUAGES: "the second stage alone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The reader that questions are answered for: anonymous by default, or a freelancer."""

    facts: Facts = NOBODY
    standing: str = ""
    """The freelancer's progress as text; printed after articles whose action is "progress"."""


class Terminal:
    """Answers questions as plain text, with the chat's templates."""

    def __init__(self, engine: AnswerEngine, templating: Templating, asker: Asker) -> None:
        self._engine = engine
        self._templating = templating
        self._asker = asker

    def text(self, question: str, language: str) -> str:
        """The answers to all questions in `question`, separated by empty lines."""
        found = self._engine.ask_all(question, language)
        return "\n\n".join(self._text(one, question, language) for one in found)

    def explanation(self, question: str, language: str) -> str:
        """How the engine came to its answer, several lines."""
        return "\n".join(explanation_lines(self._engine.explain(question, language)))

    def _text(self, answer: Answer, question: str, language: str) -> str:
        words = self._words(answer, question, language)
        match answer:
            case Unsure(choices=choices):
                titles = "\n".join(f"  - {one.title}  [{one.slug}]" for one in choices)
                return f"{words}\n{titles}"
            case Found() | Nothing() | SmallTalk() | AskedForJob():
                return words
            case _:
                assert_never(answer)

    def record(self, question: str, language: str) -> dict[str, Any]:
        """The answer as the public API's JSON object."""
        found = self._engine.ask(question, language)
        return {
            "q": question,
            "kind": kind_of(found),
            **({"job": found.job.kind} if isinstance(found, AskedForJob) else {}),
            "slug": _slug_of(found),
            "candidates": [
                {"slug": one.slug, "score": round(one.score, 4)} for one in found.candidates
            ],
            "text": self._words(found, question, language) if _has_text(found) else None,
        }

    def _words(self, answer: Answer, question: str, language: str) -> str:
        if isinstance(answer, Found):
            answer = replace(answer, article=render_for(answer.article, self._asker.facts))
        reply = view.terminal_answer(answer, question)
        spoken = self._templating.language(language)
        words = plain(self._templating.message(reply.template, reply.context, spoken))
        standing = self._asker.standing
        if standing and _is_about_progress(answer):
            return f"{words}\n\n{standing}"
        return words


def _slug_of(answer: Answer) -> str | None:
    """The article that answers, or the one that says that no page tells."""
    match answer:
        case Found():
            return answer.article.slug
        case Unsure():
            return answer.choices[0].slug if answer.not_said else None
        case Nothing() | SmallTalk() | AskedForJob():
            return None
        case _:
            assert_never(answer)


def _has_text(answer: Answer) -> bool:
    return isinstance(answer, Found | AskedForJob)


def _is_about_progress(answer: Answer) -> bool:
    if isinstance(answer, AskedForJob):
        return answer.job is Job.PROGRESS
    return isinstance(answer, Found) and answer.article.action is Job.PROGRESS


def kind_of(answer: Answer) -> str:
    """Name of the answer's kind in JSON: "found", "unsure", "not_known", "nothing" or "job"."""
    match answer:
        case Found():
            return "found"
        case Unsure():
            return "not_known" if answer.not_said else "unsure"
        case Nothing() | SmallTalk():
            return "nothing"
        case AskedForJob():
            return "job"
        case _:
            assert_never(answer)


def explanation_lines(why: Explanation) -> list[str]:
    """How the engine read the question, its ranking and thresholds; one line each."""
    ranking, thresholds = why.ranking, why.thresholds
    return [
        f"kind: {kind_of(why.answer)}",
        f"compared by: {_COMPARED_BY[why.source]}",
        f"language: {ranking.language or 'not recognised'}"
        + (", another than the articles'" if ranking.foreign else ""),
        f"read as: {' '.join(ranking.read)}",
        f"mended: {_listed(set(ranking.typed) - set(ranking.read))}",
        f"of another subject: {_listed(ranking.unknown)}",
        f"an answer: from {thresholds.answer:.4f}, {thresholds.margin:.4f} ahead of the next",
        f"a choice: from {thresholds.offer:.4f}",
        *map(_scored, ranking.ranked[:CANDIDATES]),
    ]


def _scored(one: Ranked) -> str:
    scores = {
        "words": one.by_words,
        "meaning": one.by_meaning,
        "second stage": one.in_all_languages,
    }
    parts = ", ".join(f"{part} {score:.4f}" for part, score in scores.items() if score is not None)
    return f"{one.score:.4f}{f' ({parts})' if parts else ''} {one.id}: {one.phrasing}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "-"


def batch_questions(path: Path) -> list[str]:
    """The `q` of each JSON line; CommandError names the first line that has none."""
    return [
        _question(line, f"{path}, line {number}")
        for number, line in enumerate(_lines(path), start=1)
        if line.strip()
    ]


def _question(line: str, place: str) -> str:
    try:
        question = json.loads(line)["q"]
    except (ValueError, KeyError, TypeError, RecursionError):
        question = None
    if not isinstance(question, str):
        raise CommandError(f'{place}: expected a JSON object like {{"q": "…"}}.')
    return question


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not a UTF-8 text file.") from None


def answers(
    settings: Settings,
    questions: Iterable[str],
    language: str,
    asker: Asker,
    *,
    as_json: bool = False,
    explain: bool = False,
) -> Iterator[str]:
    """Yield one answer per question, in order: plain text, JSON or an explanation."""
    engine = answer_engine(load_library(settings), settings)
    terminal = Terminal(engine, load_templating(settings, load_policy(settings)), asker)
    for question in questions:
        if as_json:
            yield json.dumps(terminal.record(question, language), ensure_ascii=False)
        elif explain:
            yield terminal.explanation(question, language)
        else:
            yield terminal.text(question, language)
