"""Counts over what was asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.figures import DayCount, Rating, ResolutionFigures


class Figures(Protocol):
    async def outcomes(self, since: datetime) -> Sequence[DayCount]:
        """Questions by day (UTC) and outcome, earliest first; opened articles are no question."""
        ...

    async def ratings(self, since: datetime) -> Sequence[Rating]:
        """Of articles that anybody has rated, the most rated first."""
        ...

    async def resolution(self, since: datetime) -> ResolutionFigures: ...
