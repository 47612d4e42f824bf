"""In-memory counts over what was asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.figures import DayCount, Rating, ResolutionFigures
from state.model.question import Outcome, Question, Sequel
from tests.memory.tables import Tables


@dataclass(frozen=True, slots=True)
class MemoryFigures:
    tables: Tables

    async def outcomes(self, since: datetime) -> Sequence[DayCount]:
        counted = Counter((one.asked_at.date(), one.outcome) for one in self._asked(since))
        return [
            DayCount(day=day, outcome=outcome, count=count)
            for (day, outcome), count in sorted(counted.items())
        ]

    async def ratings(self, since: datetime) -> Sequence[Rating]:
        rated = [
            one
            for one in self.tables.questions.values()
            if one.asked_at >= since and one.slug and one.helpful is not None
        ]
        found = [
            Rating(
                slug=slug,
                helpful=sum(one.slug == slug and one.helpful is True for one in rated),
                unhelpful=sum(one.slug == slug and one.helpful is False for one in rated),
            )
            for slug in {one.slug for one in rated if one.slug}
        ]
        return sorted(found, key=lambda one: (-one.rated, one.slug))

    async def resolution(self, since: datetime) -> ResolutionFigures:
        asked = self._asked(since)
        others = [one for one in asked if not one.helpful]
        return ResolutionFigures(
            asked=len(asked),
            helped=len(asked) - len(others),
            by_step=sum(one.led_to is Sequel.STEP for one in others),
            to_person=sum(one.led_to is Sequel.PERSON for one in others),
        )

    def _asked(self, since: datetime) -> list[Question]:
        return [
            one
            for one in self.tables.questions.values()
            if one.asked_at >= since and one.outcome is not Outcome.OPENED
        ]
