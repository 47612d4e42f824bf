"""Answer engines, lexical or semantic; the model is loaded once for all tests."""

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.articles.catalogue import SEMANTIC
from knowledge.answering.engine import AnswerEngine
from knowledge.model import Library
from knowledge.search.ranker import SemanticRanker
from knowledge.search.thresholds import ScoreSource
from tests.support.libraries import shipped_library

NO_MODEL = "the semantic extra isn't installed: make setup"


def fresh(folder: Path | None) -> SemanticRanker:
    """A new semantic ranker. Without the `semantic` extra: skips, or fails in CI."""
    if all(map(find_spec, SEMANTIC)):
        made: SemanticRanker = import_module("knowledge.semantic.semantic_index").SemanticIndex(
            folder
        )
        return made
    if os.environ.get("CI"):
        pytest.fail(NO_MODEL)
    pytest.skip(NO_MODEL)


@cache
def meaning() -> SemanticRanker:
    return fresh(Path(os.environ["HELPDESK_CACHE"]))


def engine(half: ScoreSource, library: Library) -> AnswerEngine:
    return AnswerEngine(library, meaning=meaning() if half is ScoreSource.MEANING else None)


@cache
def shipped_engine(half: ScoreSource) -> AnswerEngine:
    return engine(half, shipped_library())
