"""Statistics of the desk over the last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from state.model.figures import DayCount, Rating, ResolutionFigures, TalkFigures
from state.ports import Clock, ReadUnit
from state.rules.tickets import talk_figures

FUNNEL = (
    "call.requested",
    "call.sent",
    "call.delivered",
    "call.read",
    "call.answered",
    "call.acknowledged",
    "call.wrong_code",
    "call.locked",
    "call.verified",
)
"""Kinds of audit lines of a verification, in chronological order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Statistics of the desk over a period."""

    since: datetime
    until: datetime
    outcomes: Sequence[DayCount]
    ratings: Sequence[Rating]
    resolution: ResolutionFigures
    funnel: Mapping[str, int]
    """Kind of audit line → number of people; kinds without any are left out."""
    talks: TalkFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFigures:
    unit: ReadUnit
    clock: Clock

    async def __call__(self, days: int) -> Overview:
        """Statistics of the last `days` days (UTC), today included, from a midnight on."""
        now = self.clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        since = midnight - timedelta(days=days - 1)
        return Overview(
            since=since,
            until=now,
            outcomes=await self.unit.figures.outcomes(since),
            ratings=await self.unit.figures.ratings(since),
            resolution=await self.unit.figures.resolution(since),
            funnel=await self.unit.audit.subject_counts(FUNNEL, since),
            talks=talk_figures(await self.unit.tickets.since(since)),
        )
