from itertools import count

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Candidate, Nothing, Slug, Unsure
from knowledge.quality.datasets import LabelledQuestion
from knowledge.quality.metrics import Observed, observe, report, right_at
from knowledge.search.thresholds import ScoreSource
from tests.support.shelves import a_library, an_article

ENGINE = AnswerEngine(
    a_library(
        an_article("green-tea", "how do I brew green tea", "why is my tea bitter"),
        an_article("black-bread", "how do I bake black bread"),
    )
)
NOTHING = Nothing(candidates=())
UNSURE = Unsure(choices=(), candidates=())


def asked(text: str, *relevant: str) -> LabelledQuestion:
    return LabelledQuestion(text=text, relevant=frozenset(relevant))


def a_miss(rank: int | None, *, seconds: float = 0) -> Observed:
    return Observed(
        asked=asked("?", "tea"),
        answer=UNSURE,
        rank=rank,
        seconds=seconds,
        source=ScoreSource.WORDS,
    )


def test_each_question_is_asked_and_timed() -> None:
    ticks = map(float, count())
    questions = [asked("how do I brew green tea", "green-tea"), asked("who won the cup")]

    right, foreign = observe(ENGINE, questions, lambda: next(ticks))

    assert (right.rank, right.seconds) == (1, 1)
    assert (foreign.rank, foreign.answer) == (None, ENGINE.ask("who won the cup", "en"))


def test_the_best_of_several_right_entries_counts() -> None:
    question = asked("how do I bake black bread", "green-tea", "black-bread")

    (one,) = observe(ENGINE, [question], lambda: 0)

    assert one.rank == 1


def test_figures_are_shares_of_those_they_are_about() -> None:
    questions = [
        asked("how do I brew green tea", "green-tea"),
        asked("how do I bake black bread", "green-tea"),
        asked("xyzzy", "green-tea"),
        asked("how do I bake black bread"),
        asked("xyzzy"),
    ]

    found = report(observe(ENGINE, questions, lambda: 0))

    assert (found.n, found.in_scope, found.out_of_scope) == (5, 3, 2)
    assert found.accuracy_at_1 == pytest.approx(1 / 3, abs=1e-4)
    assert found.recall_at_3 == 1
    assert found.mrr_at_10 == pytest.approx(2 / 3, abs=1e-4)
    assert found.answered_out_of_scope == 0.5
    assert found.declined_in_scope == pytest.approx(1 / 3, abs=1e-4)


def test_ranks_count_to_the_third_and_to_the_tenth() -> None:
    found = report([a_miss(3), a_miss(4), a_miss(None), a_miss(10)])

    assert (found.accuracy_at_1, found.recall_at_3) == (0, 0.25)
    assert found.mrr_at_10 == pytest.approx((1 / 3 + 1 / 4 + 1 / 10) / 4, abs=1e-4)


def test_shares_of_nothing_are_not_known() -> None:
    found = report([])

    assert (found.n, found.accuracy_at_1, found.answered_out_of_scope) == (0, None, None)
    assert (found.p50_ms, found.p99_ms) == (0, 0)


def test_times_are_the_smallest_that_so_many_do_not_exceed() -> None:
    found = report([a_miss(1, seconds=milli / 1000) for milli in range(100, 0, -1)])

    assert (found.p50_ms, found.p99_ms) == (50, 99)


def scored(score: float, *relevant: str, rank: int | None = None) -> Observed:
    answer = Nothing(candidates=(Candidate(slug=Slug("tea"), score=score),))
    return Observed(
        asked=asked("?", *relevant), answer=answer, rank=rank, seconds=0, source=ScoreSource.WORDS
    )


def test_right_answers_count_above_what_so_many_foreign_questions_score() -> None:
    foreign = [scored(score) for score in (0.9, 0.5, 0.4, 0.3)]
    inside = [scored(0.6, "tea", rank=1), scored(0.4, "tea", rank=1), scored(1, "tea", rank=2)]

    assert right_at([*foreign, *inside], 0.25) == pytest.approx(1 / 3, abs=1e-3)
    assert right_at([*foreign, *inside], 0.0) == 0
    assert right_at(inside, 0.05) == pytest.approx(2 / 3, abs=1e-3)


def test_without_questions_nothing_is_right() -> None:
    assert right_at([scored(0.9)], 0.05) == 0
