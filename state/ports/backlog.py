"""Backlog of inbox and outbox, for monitoring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from state.model.work import Queue


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """Number and age of the rows that wait in one queue."""

    count: int
    oldest_at: datetime | None
    """When the oldest waiting row began to wait; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Waiting rows of inbox and outbox."""

    inbox: WaitingRows
    """Updates not handled yet."""
    outbox: Mapping[Queue, WaitingRows]
    """Rows due and not delivered, per queue; rows due later are not counted."""
