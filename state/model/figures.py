"""How the desk does: counts, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from state.model.question import Outcome
from state.model.ticket import HandOver


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    day: date
    outcome: Outcome
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What readers said of an article."""

    slug: str
    helpful: int
    unhelpful: int

    @property
    def rated(self) -> int:
        return self.helpful + self.unhelpful


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionFigures:
    """Of the questions that were asked in words."""

    asked: int
    helped: int
    """Somebody said that the answer helped."""
    by_step: int
    """Nobody said so, but a step was done within a day, and no person was needed for it."""
    to_person: int

    @property
    def resolved(self) -> int:
        return self.helped + self.by_step


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFigures:
    """Hand-overs to a person."""

    by_reason: Mapping[HandOver, int]
    reopened: int
    """Talks whose freelancer came back for the same matter."""
    answered: int
    waiting: int
    """Without an answer so far, and not over."""
    answer_times: tuple[timedelta, ...]
    """From the hand-over to the first answer, the shortest first."""

    @property
    def count(self) -> int:
        return sum(self.by_reason.values())
