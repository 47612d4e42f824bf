import pytest

from knowledge.model import Candidate, Nothing, Slug
from knowledge.quality.calibrate import LIMITS, Limits, answer_rates, choose_thresholds
from knowledge.quality.datasets import LabelledQuestion
from knowledge.quality.metrics import Observed
from knowledge.search.thresholds import ScoreSource, Thresholds, shipped_thresholds


def seen(*scores: float, relevant: bool = True, rank: int | None = 1) -> Observed:
    candidates = tuple(Candidate(slug=Slug("tea"), score=score) for score in scores)
    asked = LabelledQuestion(text="?", relevant=frozenset({"tea"} if relevant else ()))
    answer = Nothing(candidates=candidates)
    return Observed(asked=asked, answer=answer, rank=rank, seconds=0, source=ScoreSource.MEANING)


def foreign(*scores: float) -> Observed:
    return seen(*scores, relevant=False, rank=None)


def test_answer_rates_match_the_given_thresholds() -> None:
    questions = [
        seen(0.5, 0.1),
        seen(0.5, 0.45),
        seen(0.5, 0.1, rank=2),
        seen(0.1),
        foreign(0.6, 0.1),
        foreign(),
    ]

    found = answer_rates(questions, Thresholds(answer=0.4, offer=0.2, margin=0.1))

    assert (found.right, found.wrong, found.declined) == (0.25, 0.25, 0.25)
    assert found.false_answers == 0.5


def test_the_answer_threshold_lies_above_out_of_scope_questions() -> None:
    chosen = choose_thresholds([seen(0.5), seen(0.3), foreign(0.4)])

    assert 0.4 < chosen.answer <= 0.5
    assert chosen.offer <= 0.3


def test_a_margin_is_required_where_it_prevents_wrong_answers() -> None:
    chosen = choose_thresholds([seen(0.5, 0.3), seen(0.5, 0.46, rank=2)])

    assert 0.03 < chosen.margin <= 0.2


def test_if_no_thresholds_meet_the_limits_the_strictest_are_chosen() -> None:
    chosen = choose_thresholds([seen(0.9, 0.0, rank=2), seen(0.05)])

    assert chosen == Thresholds(answer=0.6, offer=0.1, margin=0.08)


def test_the_limits_are_those_of_the_source() -> None:
    questions = [seen(0.5), seen(0.3), *[foreign(0.4), *[foreign(0.1)] * 24]]

    strict = choose_thresholds(questions, Limits(false_answers=0.0, wrong=0.0, declined=0.0))
    loose = choose_thresholds(questions, Limits(false_answers=0.04, wrong=0.0, declined=0.0))

    assert loose.answer <= 0.3
    assert strict.answer > 0.4


def test_every_source_has_its_limits() -> None:
    assert set(LIMITS) == set(ScoreSource)


def test_without_questions_there_is_something_to_start_with() -> None:
    assert choose_thresholds([]).answer == pytest.approx(0.1)


@pytest.mark.parametrize("half", ScoreSource)
def test_the_shipped_thresholds_are_in_ascending_order(half: ScoreSource) -> None:
    assert (
        0
        < shipped_thresholds(half).margin
        < shipped_thresholds(half).offer
        < shipped_thresholds(half).answer
        < 1
    )
