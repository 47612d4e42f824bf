"""Questions in people's words, and the article each should find; the floors only rise."""

import json
from functools import cache

from knowledge.engine import AnswerEngine
from knowledge.model import Answer, Found, Nothing
from knowledge.questions import shipped_questions
from tests.knowledge.shelves import shipped_library

ACCURACY_FLOOR = 0.95
RECALL_FLOOR = 0.97
FALSE_ANSWERS_CEILING = 0.08
DECLINED_CEILING = 0.05


@cache
def answers() -> tuple[tuple[str | None, Answer], ...]:
    engine = AnswerEngine(shipped_library())
    lines = shipped_questions().read_text(encoding="utf-8").splitlines()
    return tuple(
        (case["expected_slug"], engine.ask(case["q"], "en")) for case in map(json.loads, lines)
    )


def in_scope() -> list[tuple[str, Answer]]:
    return [(slug, answer) for slug, answer in answers() if slug]


def test_the_set_covers_every_article() -> None:
    slugs = {article.slug for article in shipped_library().articles("en")}

    assert {slug for slug, _ in in_scope()} == slugs


def test_the_right_article_comes_first() -> None:
    right = [answer.candidates[0].slug == slug for slug, answer in in_scope()]

    assert sum(right) / len(right) >= ACCURACY_FLOOR


def test_the_right_article_is_among_the_first_three() -> None:
    right = [slug in {one.slug for one in answer.candidates[:3]} for slug, answer in in_scope()]

    assert sum(right) / len(right) >= RECALL_FLOOR


def test_questions_with_an_answer_are_hardly_ever_declined() -> None:
    declined = [isinstance(answer, Nothing) for _, answer in in_scope()]

    assert sum(declined) / len(declined) <= DECLINED_CEILING


def test_questions_without_an_answer_hardly_ever_get_one() -> None:
    answered = [isinstance(answer, Found) for slug, answer in answers() if slug is None]

    assert sum(answered) / len(answered) <= FALSE_ANSWERS_CEILING


def test_an_answer_that_is_sure_is_right() -> None:
    wrong = [
        (slug, answer.article.slug)
        for slug, answer in in_scope()
        if isinstance(answer, Found) and answer.article.slug != slug
    ]

    assert wrong == []
