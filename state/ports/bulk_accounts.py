"""Bulk operations on many accounts at once, so that an import takes minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import Account, Completion, FreelancerId
from state.model.verification import NumberKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is already stored about a freelancer, as far as an import needs it."""

    as_of: datetime | None = None
    phone: str | None = None
    """Phone number on record with the marketplace."""
    linked: bool = False
    numbered: bool = False
    """Whether the freelancer ever had a number for verification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberInUse:
    """A freelancer's current number for verification, with its key if it can be called."""

    freelancer_id: FreelancerId
    number: str
    key: NumberKey | None


class BulkAccounts(Protocol):
    """Accounts, written in bulk."""

    async def known(self, ids: Sequence[FreelancerId]) -> Mapping[FreelancerId, Known]:
        """Stored facts by freelancer id; ids without any are left out."""
        ...

    async def put(self, accounts: Sequence[Account]) -> None:
        """Store snapshots, each as `Accounts.put` does."""
        ...

    async def complete(self, done: Sequence[tuple[FreelancerId, Completion]]) -> None:
        """Record completed steps, each as `Accounts.complete` does."""
        ...

    async def use_numbers(self, numbers: Sequence[NumberInUse], at: datetime) -> None:
        """Set the first number of freelancers without one; StaleStateError if one has got one."""
        ...
