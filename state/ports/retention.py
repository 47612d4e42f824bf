"""Retention: removing rows that are stored for a limited time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionLimits:
    """Retention limits: rows finished before these moments are removed."""

    handled: datetime
    """Ids of updates, keys of tasks and events, replies to the call provider, used links."""
    ended: datetime
    """Calls with their numbers; updates and tasks that were given up."""
    told: datetime
    """Lines of the audit trail."""
    locked: datetime
    """Expired locks and expired bindings of numbers."""
    counted: datetime
    """Entries of the verification ledger that no limit counts any more."""
    guessed: datetime
    """Wrong link codes, and counts of hand-overs."""
    signed_in: datetime
    """Idle browser sessions of staff, and sign-in links."""
    talked: datetime
    """Tickets with all their messages."""


class Retention(Protocol):
    """Deletion of expired rows and of an erased person's traces."""

    async def drop_pending(self, lane: str) -> None:
        """Delete the lane's tasks that were not carried out yet."""
        ...

    async def erase_traces(self, *, lane: str | None, subject: FreelancerId | None) -> None:
        """Erase what the queues store about a lane, and tasks whose key names the subject.

        Ids of updates stay, without the lane, so that none is handled twice. Pending tasks stay
        too, except an erasure's own task in that lane.
        """
        ...

    async def delete_expired(self, since: RetentionLimits, *, limit: int) -> bool:
        """Delete at most `limit` expired rows of each kind; False when none are left."""
        ...
