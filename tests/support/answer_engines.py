"""Answer engines by each source of scores; models are loaded once for all tests."""

import os
from collections.abc import Collection
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.articles.catalogue import MULTILINGUAL, SEMANTIC
from knowledge.answering.engine import AnswerEngine
from knowledge.model import Library
from knowledge.search.ranker import SemanticRanker, SentenceModel
from knowledge.search.thresholds import ScoreSource
from tests.support.libraries import shipped_library

NO_MODEL = "the semantic extra isn't installed: make setup"
NO_LANGUAGES = "the multilingual extra isn't installed: make setup"


def need(packages: Collection[str], missing: str) -> None:
    """Skip a test without these packages; in CI, fail."""
    if all(map(find_spec, packages)):
        return
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def fresh(folder: Path | None) -> SemanticRanker:
    """A new semantic ranker, if the `semantic` extra is installed."""
    need(SEMANTIC, NO_MODEL)
    made: SemanticRanker = import_module("knowledge.semantic.semantic_index").EnglishIndex(folder)
    return made


def fresh_languages(folder: Path | None) -> SentenceModel:
    """A new model of all languages, if the `multilingual` extra is installed."""
    need(MULTILINGUAL, NO_LANGUAGES)
    made: SentenceModel = import_module("knowledge.semantic.multilingual").index(None, folder)
    return made


@cache
def meaning() -> SemanticRanker:
    return fresh(Path(os.environ["HELPDESK_CACHE"]))


@cache
def languages() -> SentenceModel:
    return fresh_languages(Path(os.environ["HELPDESK_CACHE"]))


def engine(source: ScoreSource, library: Library) -> AnswerEngine:
    """An engine whose last stage has this source; both stages for those of the second."""
    second = source in {ScoreSource.BOTH, ScoreSource.LANGUAGES}
    return AnswerEngine(
        library,
        meaning=None if source is ScoreSource.WORDS else meaning(),
        languages=languages() if second else None,
    )


@cache
def shipped_engine(source: ScoreSource) -> AnswerEngine:
    return engine(source, shipped_library())
