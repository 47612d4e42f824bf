"""The marketplace as it can be asked."""

from dataclasses import dataclass
from typing import Protocol

from state.model.account import Account, FreelancerId


@dataclass(frozen=True, slots=True)
class NotThere:
    """The marketplace knows no such account."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """It said nothing, or nothing that can be used; `reason` is for the log."""

    reason: str


class Marketplace(Protocol):
    async def read(self, freelancer_id: FreelancerId) -> Account | NotThere | NotReached:
        """A reading of now, within seconds."""
        ...
