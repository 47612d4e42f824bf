"""Evaluation metrics of the engine over a set of labelled questions."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.answering.engine import AnswerEngine
from knowledge.model import DEFAULT_LANGUAGE, Answer, Found, Nothing
from knowledge.quality.datasets import LabelledQuestion
from knowledge.search.thresholds import ScoreSource

DEEPEST = 10
"""Lower ranks count as not found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The result for one question, and the time it took."""

    asked: LabelledQuestion
    answer: Answer
    rank: int | None
    """Rank from 1 of the best relevant entry; None if not among the first ten."""
    seconds: float
    source: ScoreSource
    """What the answer's scores are based on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Metrics, under the names of the public interface; None for a share of no questions."""

    n: int
    in_scope: int
    out_of_scope: int
    accuracy_at_1: float | None
    recall_at_3: float | None
    mrr_at_10: float | None
    answered_out_of_scope: float | None
    declined_in_scope: float | None
    p50_ms: float
    p99_ms: float


def observe(
    engine: AnswerEngine, questions: Iterable[LabelledQuestion], clock: Callable[[], float]
) -> tuple[Observed, ...]:
    """Ask all questions in order; `clock` returns seconds from any origin."""
    return tuple(_observe(engine, asked, clock) for asked in questions)


def _observe(
    engine: AnswerEngine, asked: LabelledQuestion, clock: Callable[[], float]
) -> Observed:
    began = clock()
    answer = engine.ask(asked.text, DEFAULT_LANGUAGE)
    seconds = clock() - began
    ranking = engine.rank(asked.text, DEFAULT_LANGUAGE)[:DEEPEST]
    places = (place for place, one in enumerate(ranking, 1) if one.slug in asked.relevant)
    return Observed(
        asked=asked,
        answer=answer,
        rank=next(places, None),
        seconds=seconds,
        source=engine.explain(asked.text, DEFAULT_LANGUAGE).source,
    )


def quality_report(observed: Sequence[Observed]) -> Report:
    """Compute the metrics."""
    inside = [one for one in observed if one.asked.relevant]
    outside = [one for one in observed if not one.asked.relevant]
    seconds = sorted(one.seconds for one in observed)
    return Report(
        n=len(observed),
        in_scope=len(inside),
        out_of_scope=len(outside),
        accuracy_at_1=_mean([one.rank == 1 for one in inside]),
        recall_at_3=_mean([one.rank in {1, 2, 3} for one in inside]),
        mrr_at_10=_mean([1 / one.rank if one.rank else 0 for one in inside]),
        answered_out_of_scope=_mean([isinstance(one.answer, Found) for one in outside]),
        declined_in_scope=_mean([isinstance(one.answer, Nothing) for one in inside]),
        p50_ms=_milliseconds(seconds, 0.5),
        p99_ms=_milliseconds(seconds, 0.99),
    )


def right_at(observed: Sequence[Observed], false: float) -> float:
    """Share answered right, if the given share of out-of-scope questions were answered too.

    It measures the scores without thresholds: how well they separate the two kinds.
    """
    inside = [one for one in observed if one.asked.relevant]
    foreign = sorted((_best(one) for one in observed if not one.asked.relevant), reverse=True)
    border = foreign[int(false * len(foreign))] if foreign else 0.0
    return _mean([one.rank == 1 and _best(one) > border for one in inside]) or 0.0


def _best(observed: Observed) -> float:
    return max((each.score for each in observed.answer.candidates), default=0.0)


def _mean(values: Sequence[float]) -> float | None:
    return round(math.fsum(values) / len(values), 4) if values else None


def _milliseconds(ordered: Sequence[float], share: float) -> float:
    """Percentile (nearest rank) in milliseconds."""
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000, 3) if ordered else 0
