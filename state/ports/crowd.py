"""Many accounts at once: what an import needs to be done within minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import Account, Completion, FreelancerId
from state.model.verification import NumberKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is there of somebody, as far as it matters to a new reading."""

    as_of: datetime | None = None
    phone: str | None = None
    """On record with the marketplace."""
    linked: bool = False
    numbered: bool = False
    """Whether a number was ever in use for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberInUse:
    freelancer_id: FreelancerId
    number: str
    key: NumberKey | None


class BulkAccounts(Protocol):
    async def known(self, ids: Sequence[FreelancerId]) -> Mapping[FreelancerId, Known]:
        """Those of whom there is anything."""
        ...

    async def put(self, accounts: Sequence[Account]) -> None:
        """As `Accounts.put`."""
        ...

    async def complete(self, done: Sequence[tuple[FreelancerId, Completion]]) -> None:
        """As `Accounts.complete`."""
        ...

    async def use_numbers(self, numbers: Sequence[NumberInUse], at: datetime) -> None:
        """For freelancers that never had one; StaleStateError if one has got one meanwhile."""
        ...
