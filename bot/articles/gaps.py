"""Content gaps: unanswered questions, grouped by similarity, with the nearest articles."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.answering.engine import AnswerEngine
from knowledge.quality.gaps import Gap, Missed, group_questions
from knowledge.tokens import normalise
from state.model.question import MissedGroup, Question
from state.ports import ReadUnit
from state.rules.gaps import how_it_failed

MOST_QUESTIONS = 2000
"""Newest questions read at most, since the time to group them grows with their number."""
MOST_GROUPS = 500
"""Groups of older questions read at most, the largest first; only their groups are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentGap:
    """A group of similar unanswered questions, and the articles nearest to it."""

    gap: Gap
    slugs: tuple[str, ...]
    """Slugs of the nearest current articles, best match first."""

    @property
    def slug(self) -> str | None:
        """Slug of the nearest article, None if there is none."""
        return next(iter(self.slugs), None)

    @property
    def key(self) -> str:
        """Stable id of the group for URLs, 16 hex digits.

        A hash, so it doesn't show the question.
        """
        said = f"{self.gap.language} {normalise(self.gap.question)}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


async def missed_since(unit: ReadUnit, since: datetime) -> Sequence[Missed]:
    """Questions since then without a good answer: the stored groups first, then single ones."""
    groups = await unit.missed_groups.since(since, limit=MOST_GROUPS)
    asked = await unit.questions.gaps(since, limit=MOST_QUESTIONS)
    return [*(one for group in groups for one in _of_group(group)), *map(_of_question, asked)]


def nearest_gaps(missed: Iterable[Missed], engine: AnswerEngine, top: int) -> Sequence[ContentGap]:
    """The `top` largest groups, the largest first, with their nearest articles."""
    return [
        ContentGap(
            gap=gap,
            slugs=tuple(one.slug for one in engine.rank(gap.question, gap.language)),
        )
        for gap in group_questions(missed)[:top]
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
