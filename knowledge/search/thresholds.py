"""Where one kind of answer ends and the next begins."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

LEAST = 0.45
"""So much of the thresholds remains, whatever the phrasings are like."""


class Half(StrEnum):
    """What scores are made of: words alone, or words and meaning."""

    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Scores run from 0 to 1."""

    answer: float
    """From here on the best article is shown."""
    offer: float
    """From here on up to three titles are offered; below, the desk says that it doesn't know."""
    margin: float
    """The best article is only shown outright when it leads the next by this much."""
    typical: float | None = None
    """How high phrasings typically scored where these were chosen, if that tells anything."""

    def where(self, typical: float | None) -> "Thresholds":
        """For other articles, by how high their own phrasings typically score.

        A few phrasings that have little in common make every score low, right ones too. Many of
        one kind don't make people's questions any nearer, so thresholds are never raised.
        """
        share = min(1.0, max(LEAST, typical / self.typical)) if typical and self.typical else 1.0
        return Thresholds(
            answer=self.answer * share,
            offer=self.offer * share,
            margin=self.margin * share,
            typical=typical,
        )


@cache
def shipped(half: Half = Half.WORDS) -> Thresholds:
    """Chosen by `helpdesk eval --calibrate`; the file says on what, and with what result."""
    chosen = tomllib.loads((files("knowledge") / "calibration.toml").read_text(encoding="utf-8"))
    return Thresholds(**chosen[half]["thresholds"])
