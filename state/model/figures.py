"""Statistics of the desk: counts of questions, ratings and tickets, and rates from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from state.model.question import Outcome
from state.model.ticket import HandOver


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Number of questions with one outcome on one day."""

    day: date
    outcome: Outcome
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How many readers rated an article helpful or unhelpful."""

    slug: str
    helpful: int
    unhelpful: int

    @property
    def rated(self) -> int:
        return self.helpful + self.unhelpful


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionFigures:
    """How the questions asked in words were resolved: counts."""

    asked: int
    helped: int
    """The reader said that the answer helped."""
    by_step: int
    """No rating, but a step was completed within a day and no hand-over followed."""
    to_person: int

    @property
    def resolved(self) -> int:
        return self.helped + self.by_step


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFigures:
    """Statistics of hand-overs to staff: counts and answer times."""

    by_reason: Mapping[HandOver, int]
    reopened: int
    """Tickets reopened because the freelancer came back about the same matter."""
    answered: int
    waiting: int
    """Open tickets without a first reply."""
    answer_times: tuple[timedelta, ...]
    """From hand-over to first reply, ascending."""

    @property
    def count(self) -> int:
        return sum(self.by_reason.values())
