"""What was asked in vain, grouped by likeness, with the articles nearest to each group."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.engine import AnswerEngine
from knowledge.gaps import Gap, Missed, gaps
from knowledge.text import normalise
from state.model.question import Question

NOT_HELPFUL = "not helpful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    gap: Gap
    slugs: tuple[str, ...]
    """Of the articles that come near it now, the nearest first."""

    @property
    def slug(self) -> str | None:
        return next(iter(self.slugs), None)

    @property
    def key(self) -> str:
        """Names the group in addresses, without its words; the same as long as its question is."""
        said = f"{self.gap.language} {normalise(self.gap.question)}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def nearest_gaps(asked: Iterable[Question], engine: AnswerEngine, top: int) -> Sequence[Nearest]:
    """The largest groups first."""
    return [
        Nearest(
            gap=gap,
            slugs=tuple(one.slug for one in engine.rank(gap.question, gap.language)),
        )
        for gap in gaps(map(_missed, asked))[:top]
    ]


def _missed(question: Question) -> Missed:
    unhelpful = question.helpful is False
    how = question.fault or NOT_HELPFUL if unhelpful else question.outcome
    return Missed(
        words=question.words or "",
        language=question.language,
        how=how.replace("_", " "),
        asked_at=question.asked_at,
    )
