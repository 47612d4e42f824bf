"""What was asked in vain, grouped by likeness, with the articles nearest to each group."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.answering.engine import AnswerEngine
from knowledge.quality.gaps import Gap, Missed, gaps
from knowledge.tokens import normalise
from state.model.question import MissedGroup, Question
from state.ports import ReadUnit
from state.rules.gaps import how_it_failed

MOST_QUESTIONS = 2000
"""The newest: to read and group more would take longer with each that a stranger asks."""
MOST_GROUPS = 500
"""Of older questions, which are kept in groups alone; the largest."""


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


async def missed_since(unit: ReadUnit, since: datetime) -> Sequence[Missed]:
    """What is kept in groups alone comes first, as the older."""
    groups = await unit.missed.since(since, limit=MOST_GROUPS)
    asked = await unit.questions.gaps(since, limit=MOST_QUESTIONS)
    return [*(one for group in groups for one in _of_group(group)), *map(_of_question, asked)]


def nearest_gaps(missed: Iterable[Missed], engine: AnswerEngine, top: int) -> Sequence[Nearest]:
    """The largest groups first."""
    return [
        Nearest(
            gap=gap,
            slugs=tuple(one.slug for one in engine.rank(gap.question, gap.language)),
        )
        for gap in gaps(missed)[:top]
    ]


def _of_question(question: Question) -> Missed:
    return Missed(
        words=question.words or "",
        language=question.language,
        how=how_it_failed(question),
        asked_at=question.asked_at,
    )


def _of_group(group: MissedGroup) -> Iterable[Missed]:
    for how, count in group.how.items():
        yield Missed(
            words=group.words,
            language=group.language,
            how=how,
            asked_at=group.last_at,
            count=count,
        )
