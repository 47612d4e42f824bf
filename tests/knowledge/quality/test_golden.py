"""Questions in people's words, and the article each should find; the floors only rise."""

import json
from functools import cache

import pytest

from knowledge.model import Answer, Found, Nothing
from knowledge.quality.datasets import shipped_questions
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import shipped_engine
from tests.support.libraries import shipped_library

ACCURACY_FLOORS = {
    ScoreSource.WORDS: 0.94,
    ScoreSource.MEANING: 0.99,
    ScoreSource.BOTH: 0.99,
}
WRONG_CEILINGS = {ScoreSource.WORDS: 0.02, ScoreSource.MEANING: 0.0, ScoreSource.BOTH: 0.0}
RECALL_FLOOR = 0.97
FALSE_ANSWERS_CEILING = 0.08
DECLINED_CEILING = 0.05


@pytest.fixture(params=ACCURACY_FLOORS)
def half(request: pytest.FixtureRequest) -> ScoreSource:
    return ScoreSource(request.param)


@cache
def answers(half: ScoreSource) -> tuple[tuple[str | None, Answer], ...]:
    engine = shipped_engine(half)
    lines = shipped_questions().read_text(encoding="utf-8").splitlines()
    return tuple(
        (case["expected_slug"], engine.ask(case["q"], "en")) for case in map(json.loads, lines)
    )


def in_scope(half: ScoreSource) -> list[tuple[str, Answer]]:
    return [(slug, answer) for slug, answer in answers(half) if slug]


def test_the_golden_set_covers_every_article(half: ScoreSource) -> None:
    slugs = {article.slug for article in shipped_library().articles("en")}

    assert {slug for slug, _ in in_scope(half)} == slugs


def test_accuracy_at_1_does_not_fall_below_its_floor(half: ScoreSource) -> None:
    right = [answer.candidates[0].slug == slug for slug, answer in in_scope(half)]

    assert sum(right) / len(right) >= ACCURACY_FLOORS[half]


def test_recall_at_3_does_not_fall_below_its_floor(half: ScoreSource) -> None:
    right = [
        slug in {one.slug for one in answer.candidates[:3]} for slug, answer in in_scope(half)
    ]

    assert sum(right) / len(right) >= RECALL_FLOOR


def test_few_in_scope_questions_are_declined(half: ScoreSource) -> None:
    declined = [isinstance(answer, Nothing) for _, answer in in_scope(half)]

    assert sum(declined) / len(declined) <= DECLINED_CEILING


def test_few_out_of_scope_questions_are_answered(half: ScoreSource) -> None:
    answered = [isinstance(answer, Found) for slug, answer in answers(half) if slug is None]

    assert sum(answered) / len(answered) <= FALSE_ANSWERS_CEILING


def test_confident_answers_are_right(half: ScoreSource) -> None:
    wrong = [
        (slug, answer.article.slug)
        for slug, answer in in_scope(half)
        if isinstance(answer, Found) and answer.article.slug != slug
    ]

    assert len(wrong) / len(in_scope(half)) <= WRONG_CEILINGS[half]
