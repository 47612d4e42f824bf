"""Score thresholds that separate answers, choices and "no answer"."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

LEAST = 0.45
"""Lower limit of the factor by which `scaled_to` scales thresholds."""


SCRAP = 0.15
"""Least lead for a one-word message: it names a subject but asks nothing about it."""


class ScoreSource(StrEnum):
    """What scores are based on."""

    WORDS = "words"
    MEANING = "meaning"
    """Words and the English model: the first stage."""
    BOTH = "both"
    """The first stage and the multilingual model."""
    LANGUAGES = "languages"
    """The multilingual model alone, for questions in another language than the articles."""


class Zone(StrEnum):
    """What a ranking's scores allow."""

    ANSWER = "answer"
    CHOICE = "choice"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Score thresholds, each from 0 to 1."""

    answer: float
    """Least score at which the best article is shown."""
    offer: float
    """Least score at which up to three titles are offered; below it the desk has no answer."""
    margin: float
    """Least lead over the second article at which the best one is shown."""
    typical: float | None = None
    """Median score of the phrasings on which these were calibrated, if applicable."""

    def zone(self, scores: Sequence[float], *, words: int) -> Zone:
        """Zone of a ranking by its two best scores. `words`: how many the question has."""
        best, second = (*(round(one, 4) for one in scores), 0.0, 0.0)[:2]
        if not scores or best < self.offer:
            return Zone.NOTHING
        margin = max(SCRAP if words == 1 else 0.0, self.margin)
        return Zone.CHOICE if best < self.answer or best - second < margin else Zone.ANSWER

    def scaled_to(self, typical: float | None) -> "Thresholds":
        """Scale to another library, by the median score of its own phrasings.

        A few phrasings with little in common make every score low, right ones too. Many similar
        ones do not bring people's questions closer, so thresholds are never raised.
        """
        share = min(1.0, max(LEAST, typical / self.typical)) if typical and self.typical else 1.0
        return Thresholds(
            answer=self.answer * share,
            offer=self.offer * share,
            margin=self.margin * share,
            typical=typical,
        )


@cache
def shipped_thresholds(source: ScoreSource = ScoreSource.WORDS) -> Thresholds:
    """Thresholds set by `helpdesk eval --calibrate`; the file has the data used and the result."""
    chosen = tomllib.loads((files("knowledge") / "calibration.toml").read_text(encoding="utf-8"))
    return Thresholds(**chosen[source]["thresholds"])
