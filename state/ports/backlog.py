"""What waits, for those who watch over the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from state.model.work import Queue


@dataclass(frozen=True, slots=True)
class WaitingRows:
    count: int
    oldest_at: datetime | None
    """Since when the first has been waiting; None if nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    inbox: WaitingRows
    """Updates that had no turn yet."""
    outbox: Mapping[Queue, WaitingRows]
    """What is due and not delivered; what is for later doesn't wait."""
