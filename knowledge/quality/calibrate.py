"""Calibration: chooses score thresholds on labelled questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from knowledge.model import Candidate
from knowledge.quality.metrics import Observed
from knowledge.search.thresholds import ScoreSource, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Shares that thresholds may not exceed."""

    false_answers: float
    """Of out-of-scope questions: answered."""
    wrong: float
    """Of in-scope questions: answered wrongly."""
    declined: float
    """Of in-scope questions: declined."""


FIRST_STAGE = Limits(false_answers=0.04, wrong=0.01, declined=0.005)
LIMITS: Mapping[ScoreSource, Limits] = {
    ScoreSource.WORDS: FIRST_STAGE,
    ScoreSource.MEANING: FIRST_STAGE,
    # Shares of the questions that the first stage left open, which are the hard ones.
    ScoreSource.BOTH: Limits(false_answers=0.02, wrong=0.05, declined=0.1),
    ScoreSource.LANGUAGES: Limits(false_answers=0.05, wrong=0.03, declined=0.05),
}

_ANSWERS = [number / 100 for number in range(10, 61)]
_MARGINS = [number / 100 for number in range(3, 9)]
"""Leads below the first are due to chance, whatever the result on these questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRates:
    """Results as shares: of in-scope questions, and (false_answers) of out-of-scope ones."""

    right: float
    wrong: float
    declined: float
    false_answers: float


def choose_thresholds(observed: Sequence[Observed], limits: Limits = FIRST_STAGE) -> Thresholds:
    """Thresholds with most right answers within the limits; the strictest if none meets them."""
    pairs = [
        Thresholds(answer=answer, offer=answer, margin=margin)
        for answer, margin in product(_ANSWERS, _MARGINS)
    ]
    kept = [one for one in pairs if _keeps(limits, answer_rates(observed, one))]
    best = max(kept, key=lambda one: answer_rates(observed, one).right, default=pairs[-1])
    offers = [
        Thresholds(answer=best.answer, offer=offer, margin=best.margin)
        for offer in sorted(_ANSWERS, reverse=True)
        if offer <= best.answer
    ]
    return next(
        (one for one in offers if answer_rates(observed, one).declined <= limits.declined),
        offers[-1],
    )


def answer_rates(observed: Sequence[Observed], thresholds: Thresholds) -> AnswerRates:
    """The rates that given thresholds would have produced."""
    inside = [one for one in observed if one.asked.relevant]
    outside = [one for one in observed if not one.asked.relevant]
    answered = [one for one in inside if _is_answered(one, thresholds)]
    right = [one for one in answered if one.rank == 1]
    declined = [one for one in inside if _scores(one)[0] < thresholds.offer]
    false = [one for one in outside if _is_answered(one, thresholds)]
    return AnswerRates(
        right=_share(right, inside),
        wrong=_share(answered, inside) - _share(right, inside),
        declined=_share(declined, inside),
        false_answers=_share(false, outside),
    )


def _keeps(limits: Limits, found: AnswerRates) -> bool:
    return found.false_answers <= limits.false_answers and found.wrong <= limits.wrong


def _is_answered(observed: Observed, thresholds: Thresholds) -> bool:
    best, second = _scores(observed)
    return best >= thresholds.answer and best - second >= thresholds.margin


def _scores(observed: Observed) -> tuple[float, float]:
    candidates: Sequence[Candidate] = observed.answer.candidates
    best, second = (*(each.score for each in candidates[:2]), 0.0, 0.0)[:2]
    return best, second


def _share(part: Sequence[Observed], whole: Sequence[Observed]) -> float:
    return len(part) / len(whole) if whole else 0.0
