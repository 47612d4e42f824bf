"""Score thresholds that separate answers, choices and "no answer"."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

LEAST = 0.45
"""Lower limit of the factor by which `scaled_to` scales thresholds."""


class ScoreSource(StrEnum):
    """What scores are based on: words only, or words and meaning."""

    WORDS = "words"
    MEANING = "meaning"


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
