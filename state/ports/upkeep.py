"""Letting go of rows that are kept for some time only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSince:
    """Rows that were done with before these moments go."""

    handled: datetime
    """Ids of updates, keys of tasks, events and answers of the call provider, spent links."""
    ended: datetime
    """Calls with their numbers; updates and tasks that were given up."""
    told: datetime
    """Lines of the audit trail."""
    locked: datetime
    """Locks and bindings of numbers that were over by then."""
    counted: datetime
    """Entries of the verification ledger that count for nothing more."""
    guessed: datetime
    """Guesses of link codes, and how often somebody asked for a person."""
    signed_in: datetime
    """Visits to the staff pages that nobody went on with, and links into them."""
    talked: datetime
    """Talks with people, with all that was said."""


class Upkeep(Protocol):
    async def drop_pending(self, lane: str) -> None:
        """Tasks of the lane that were not carried out yet are taken back."""
        ...

    async def erase_traces(self, *, lane: str | None, subject: FreelancerId | None) -> None:
        """What the queues remember of a lane, and of tasks whose key names the subject.

        Ids of updates stay, without the lane, so that none is handled twice. What is still to be
        carried out stays too, except an erasure's own task in that lane.
        """
        ...

    async def let_go(self, since: KeptSince, *, limit: int) -> bool:
        """At most `limit` rows of each kind; False when there is nothing more."""
        ...
