from itertools import count

import pytest

from knowledge.engine import AnswerEngine
from knowledge.evaluate import Observed, observe, report
from knowledge.model import Nothing, Unsure
from knowledge.questions import Asked
from tests.knowledge.shelves import a_library, an_article

ENGINE = AnswerEngine(
    a_library(
        an_article("green-tea", "how do I brew green tea", "why is my tea bitter"),
        an_article("black-bread", "how do I bake black bread"),
    )
)
NOTHING = Nothing(candidates=())
UNSURE = Unsure(choices=(), candidates=())


def asked(text: str, *relevant: str) -> Asked:
    return Asked(text=text, relevant=frozenset(relevant))


def a_miss(rank: int | None, *, seconds: float = 0) -> Observed:
    return Observed(asked=asked("?", "tea"), answer=UNSURE, rank=rank, seconds=seconds)


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
