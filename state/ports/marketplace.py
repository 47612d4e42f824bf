"""Client of the marketplace: reads an account."""

from dataclasses import dataclass
from typing import Protocol

from state.model.account import Account, FreelancerId


@dataclass(frozen=True, slots=True)
class NotThere:
    """The marketplace knows no such account."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """The marketplace gave no usable response; `reason` is for the log."""

    reason: str


class Marketplace(Protocol):
    async def read(self, freelancer_id: FreelancerId) -> Account | NotThere | NotReached:
        """Read the account as it is now; takes a few seconds at most."""
        ...
