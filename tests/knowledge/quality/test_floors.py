"""Floors of answer quality on the development sets; they only rise.

Each figure is what this version reaches, rounded down a little, or the project's floor where that
is what is reached. Speed is not asserted here: benchmarks/answers.py measures it.
"""

import json
from functools import cache
from pathlib import Path
from random import Random

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.quality.datasets import LabelledQuestion, read_corpus, read_questions
from knowledge.quality.metrics import Observed, Report, observe, quality_report, right_at
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import engine, shipped_engine
from tests.support.typing_errors import mistyped

SETS = Path(__file__).parents[2] / "data" / "questions"
DEV = SETS / "questions-dev.jsonl"
SEEDS = range(3)


@cache
def ours(half: ScoreSource) -> Report:
    return measured(shipped_engine(half), read_questions(DEV))


@pytest.fixture(params=[ScoreSource.WORDS, ScoreSource.MEANING, ScoreSource.BOTH])
def half(request: pytest.FixtureRequest) -> ScoreSource:
    return ScoreSource(request.param)


@cache
def foreign(half: ScoreSource, name: str) -> tuple[Observed, ...]:
    """What the questions of a foreign FAQ get."""
    questions = read_questions(SETS / name / "questions.jsonl")
    return observe(engine(half, read_corpus(SETS / name / "corpus.jsonl")), questions, lambda: 0)


def measured(engine: AnswerEngine, questions: tuple[LabelledQuestion, ...]) -> Report:
    return quality_report(observe(engine, questions, lambda: 0))


def of_scope(*scopes: str) -> tuple[LabelledQuestion, ...]:
    rows = map(json.loads, DEV.read_text(encoding="utf-8").splitlines())
    return tuple(
        asked
        for asked, row in zip(read_questions(DEV), rows, strict=True)
        if row["scope"] in scopes
    )


@pytest.mark.parametrize(
    ("half", "floor"),
    [(ScoreSource.WORDS, 0.93), (ScoreSource.MEANING, 0.96), (ScoreSource.BOTH, 0.96)],
)
def test_accuracy_at_1_does_not_fall_below_its_floor(half: ScoreSource, floor: float) -> None:
    assert (ours(half).accuracy_at_1 or 0) >= floor


@pytest.mark.parametrize(
    ("half", "floor"),
    [(ScoreSource.WORDS, 0.98), (ScoreSource.MEANING, 0.99), (ScoreSource.BOTH, 0.99)],
)
def test_recall_at_3_does_not_fall_below_its_floor(half: ScoreSource, floor: float) -> None:
    assert (ours(half).recall_at_3 or 0) >= floor


@pytest.mark.parametrize(
    ("scopes", "ceiling"), [(("out",), 0.02), (("out_near", "out_adversarial"), 0.08)]
)
def test_few_out_of_scope_questions_are_answered(
    half: ScoreSource, scopes: tuple[str, ...], ceiling: float
) -> None:
    found = measured(shipped_engine(half), of_scope(*scopes))

    assert (found.answered_out_of_scope or 0) <= ceiling


@pytest.mark.parametrize(
    ("half", "ceiling"),
    [(ScoreSource.WORDS, 0.1), (ScoreSource.MEANING, 0.1), (ScoreSource.BOTH, 0.12)],
)
def test_few_questions_about_other_companies_are_answered(
    half: ScoreSource, ceiling: float
) -> None:
    found = measured(shipped_engine(half), read_questions(SETS / "elsewhere.jsonl"))

    assert (found.answered_out_of_scope or 0) <= ceiling


@pytest.mark.parametrize(
    ("half", "first", "in_three", "answered"),
    [
        (ScoreSource.WORDS, 0.85, 0.95, 0.08),
        (ScoreSource.MEANING, 0.92, 0.97, 0.05),
        (ScoreSource.BOTH, 0.92, 0.97, 0.05),
    ],
)
def test_held_out_questions_reach_the_same_floors(
    half: ScoreSource, first: float, in_three: float, answered: float
) -> None:
    found = measured(shipped_engine(half), read_questions(SETS / "held-out.jsonl"))

    assert (found.accuracy_at_1 or 0) >= first
    assert (found.recall_at_3 or 0) >= in_three
    assert (found.answered_out_of_scope or 0) <= answered


def test_questions_in_other_languages_reach_their_floors() -> None:
    found = measured(
        shipped_engine(ScoreSource.LANGUAGES), read_questions(SETS / "languages-dev.jsonl")
    )

    assert (found.accuracy_at_1 or 0) >= 0.85
    assert (found.recall_at_3 or 0) >= 0.95
    assert (found.answered_out_of_scope or 0) <= 0.05
    assert (found.declined_in_scope or 1) <= 0.06


def test_typing_errors_cost_little_accuracy(half: ScoreSource) -> None:
    questions = read_questions(DEV)
    reports = [
        measured(
            shipped_engine(half),
            tuple(
                LabelledQuestion(text=mistyped(one.text, dice), relevant=one.relevant)
                for one in questions
            ),
        )
        for dice in map(Random, SEEDS)
    ]

    accuracy = sum(one.accuracy_at_1 or 0 for one in reports) / len(reports)
    assert (ours(half).accuracy_at_1 or 0) - accuracy <= 0.07


@pytest.mark.parametrize(
    ("half", "name", "floor"),
    [
        (ScoreSource.WORDS, "sofmattress", 0.79),
        (ScoreSource.WORDS, "clinc150-dev-5", 0.74),
        (ScoreSource.WORDS, "hwu64-dev-5", 0.65),
        (ScoreSource.MEANING, "sofmattress", 0.82),
        (ScoreSource.MEANING, "clinc150-dev-5", 0.865),
        (ScoreSource.MEANING, "hwu64-dev-5", 0.76),
        (ScoreSource.BOTH, "sofmattress", 0.83),
        (ScoreSource.BOTH, "clinc150-dev-5", 0.87),
        (ScoreSource.BOTH, "hwu64-dev-5", 0.78),
    ],
)
def test_accuracy_on_another_faq_does_not_fall_below_its_floor(
    half: ScoreSource, name: str, floor: float
) -> None:
    found = quality_report(foreign(half, name))

    assert (found.accuracy_at_1 or 0) >= floor


@pytest.mark.parametrize(
    ("half", "name", "floor"),
    [
        (ScoreSource.WORDS, "sofmattress", 0.45),
        (ScoreSource.WORDS, "clinc150-dev-5", 0.62),
        (ScoreSource.MEANING, "sofmattress", 0.5),
        (ScoreSource.MEANING, "clinc150-dev-5", 0.78),
    ],
)
def test_enough_questions_are_right_at_five_percent_false_answers(
    half: ScoreSource, name: str, floor: float
) -> None:
    assert right_at(foreign(half, name), 0.05) >= floor


@pytest.mark.parametrize(
    ("half", "ceiling"),
    [(ScoreSource.WORDS, 0.05), (ScoreSource.MEANING, 0.05), (ScoreSource.BOTH, 0.06)],
)
@pytest.mark.parametrize("name", ["sofmattress", "clinc150-dev-5"])
def test_the_thresholds_work_on_another_faq(half: ScoreSource, ceiling: float, name: str) -> None:
    found = quality_report(foreign(half, name))

    assert (found.answered_out_of_scope or 0) <= ceiling
