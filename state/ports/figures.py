"""Statistics over questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.figures import DayCount, Rating, ResolutionFigures


class Figures(Protocol):
    """Statistics over questions, aggregated by the store."""

    async def outcomes(self, since: datetime) -> Sequence[DayCount]:
        """Questions per day (UTC) and outcome, earliest first; opened articles are not counted."""
        ...

    async def ratings(self, since: datetime) -> Sequence[Rating]:
        """Ratings of every rated article, the most rated first."""
        ...

    async def resolution(self, since: datetime) -> ResolutionFigures: ...
