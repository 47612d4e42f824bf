from itertools import count

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Candidate, Nothing, Slug, Unsure
from knowledge.quality.datasets import LabelledQuestion
from knowledge.quality.metrics import Observed, observe, quality_report, right_at
from knowledge.search.thresholds import ScoreSource
from tests.support.libraries import a_library, an_article

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


def test_of_several_relevant_entries_the_best_rank_counts() -> None:
    question = asked("how do I bake black bread", "green-tea", "black-bread")

    (one,) = observe(ENGINE, [question], lambda: 0)

    assert one.rank == 1


def test_rates_are_computed_over_the_questions_they_concern() -> None:
    questions = [
        asked("how do I brew green tea", "green-tea"),
        asked("how do I bake black bread", "green-tea"),
        asked("xyzzy", "green-tea"),
        asked("how do I bake black bread"),
        asked("xyzzy"),
    ]

    found = quality_report(observe(ENGINE, questions, lambda: 0))

    assert (found.n, found.in_scope, found.out_of_scope) == (5, 3, 2)
    assert found.accuracy_at_1 == pytest.approx(1 / 3, abs=1e-4)
    assert found.recall_at_3 == 1
    assert found.mrr_at_10 == pytest.approx(2 / 3, abs=1e-4)
    assert found.answered_out_of_scope == 0.5
    assert found.declined_in_scope == pytest.approx(1 / 3, abs=1e-4)


def test_recall_counts_three_ranks_and_mrr_ten() -> None:
    found = quality_report([a_miss(3), a_miss(4), a_miss(None), a_miss(10)])

    assert (found.accuracy_at_1, found.recall_at_3) == (0, 0.25)
    assert found.mrr_at_10 == pytest.approx((1 / 3 + 1 / 4 + 1 / 10) / 4, abs=1e-4)


def test_rates_over_no_questions_are_none() -> None:
    found = quality_report([])

    assert (found.n, found.accuracy_at_1, found.answered_out_of_scope) == (0, None, None)
    assert (found.p50_ms, found.p99_ms) == (0, 0)


def test_percentiles_use_the_nearest_rank() -> None:
    found = quality_report([a_miss(1, seconds=milli / 1000) for milli in range(100, 0, -1)])

    assert (found.p50_ms, found.p99_ms) == (50, 99)


def scored(score: float, *relevant: str, rank: int | None = None) -> Observed:
    answer = Nothing(candidates=(Candidate(slug=Slug("tea"), score=score),))
    return Observed(
        asked=asked("?", *relevant), answer=answer, rank=rank, seconds=0, source=ScoreSource.WORDS
    )


def test_accuracy_at_a_false_answer_rate_counts_answers_above_its_score() -> None:
    foreign = [scored(score) for score in (0.9, 0.5, 0.4, 0.3)]
    inside = [scored(0.6, "tea", rank=1), scored(0.4, "tea", rank=1), scored(1, "tea", rank=2)]

    assert right_at([*foreign, *inside], 0.25) == pytest.approx(1 / 3, abs=1e-3)
    assert right_at([*foreign, *inside], 0.0) == 0
    assert right_at(inside, 0.05) == pytest.approx(2 / 3, abs=1e-3)


def test_without_in_scope_questions_accuracy_is_zero() -> None:
    assert right_at([scored(0.9)], 0.05) == 0
