"""Readers of labelled questions and of foreign FAQs, from JSON lines.

KnowledgeError
└── BadFileError     names the file, the line and the expected form
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from knowledge.library.document import KnowledgeError
from knowledge.model import DEFAULT_LANGUAGE, Article, Category, Library, Slug


class BadFileError(KnowledgeError):
    """A file of questions or FAQ entries that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """A question with the ids of the entries that answer it; empty: out of scope."""

    text: str
    relevant: frozenset[str]


def shipped_questions() -> Path:
    """Path of the labelled questions for the shipped articles."""
    return Path(str(files("knowledge") / "golden.jsonl"))


def read_questions(path: Path) -> tuple[LabelledQuestion, ...]:
    """Read labelled questions: `q` with `expected_slug`, or `text` with `relevant`.

    null means out of scope. BadFileError if the file is malformed or empty.
    """
    asked = tuple(_asked(row, place) for row, place in _rows(path))
    if not asked:
        raise BadFileError(f"{path} holds no questions.")
    return asked


def read_corpus(path: Path) -> Library:
    """Read an FAQ (`id`, `question`, optional `answer` and `variants`) as a library.

    BadFileError if the file is malformed or empty, or repeats an id.
    """
    articles: dict[str, Article] = {}
    for row, place in _rows(path):
        article = _article(row, place)
        if article.slug in articles:
            raise BadFileError(f"{place}: the id {article.slug!r} was given before.")
        articles[article.slug] = article
    if not articles:
        raise BadFileError(f"{path} holds no entries.")
    category = Category(name=path.stem, articles=tuple(articles.values()))
    return Library(categories_by_language={DEFAULT_LANGUAGE: (category,)})


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadFileError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadFileError(f"{path} is not a UTF-8 text file.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place = f"{path}, line {number}"
            yield _row(line, place), place


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise BadFileError(f"{place}: expected a JSON object.")
    return row


def _asked(row: dict[str, Any], place: str) -> LabelledQuestion:
    match row:
        case {"q": str(text), "expected_slug": None} | {"text": str(text), "relevant": None}:
            return LabelledQuestion(text=text, relevant=frozenset())
        case {"q": str(text), "expected_slug": str(slug)}:
            return LabelledQuestion(text=text, relevant=frozenset({slug}))
        case {"text": str(text), "relevant": [*ids]} if _all_text(ids):
            return LabelledQuestion(text=text, relevant=frozenset(ids))
        case _:
            raise BadFileError(
                f'{place}: expected {{"q": "…", "expected_slug": "…" or null}} '
                'or {"text": "…", "relevant": ["…"] or null}.'
            )


def _article(row: dict[str, Any], place: str) -> Article:
    match {"answer": None, "variants": None, **row}:
        case {
            "id": str(name),
            "question": str(question),
            "answer": str() | None as answer,
            "variants": [*_] | None as variants,
        } if name and question and _all_text(variants or []):
            return Article(
                slug=Slug(name),
                title=question,
                category="",
                language=DEFAULT_LANGUAGE,
                questions=tuple(variants or ()),
                short=answer or question,
                checked_on=date.min,
                sources=(),
            )
        case _:
            raise BadFileError(
                f'{place}: expected {{"id": "…", "question": "…"}}, '
                'perhaps with "answer": "…" and "variants": ["…"].'
            )


def _all_text(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
