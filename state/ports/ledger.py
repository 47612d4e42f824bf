"""Repository of the verification ledger, and of the account each number is bound to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.ledger import LedgerEntry, LedgerKind, Tally
from state.model.verification import NumberKey, PersonKey, SessionId


class LedgerReader(Protocol):
    """The verification ledger, read-only; append-only for users, staff and the marketplace."""

    async def about(
        self, person: PersonKey, number: NumberKey | None, *, since: datetime
    ) -> Sequence[LedgerEntry]:
        """Entries of the person or at the number, newer than `since` or with a lock beyond it.

        Oldest first. Without a number: entries of the person only.
        """
        ...

    async def tally(self, to: Destination, *, since: datetime) -> Tally:
        """Calls that rang since then: in the number's block, in its region, and in total.

        A writing transaction locks it until its end, so that concurrent calls exceed no limit.
        """
        ...

    async def bound_to(self, number: NumberKey, *, now: datetime) -> PersonKey | None:
        """The account that the number is bound to now; no other account may verify it."""
        ...


class Ledger(LedgerReader, Protocol):
    """The verification ledger and the bindings of numbers."""

    async def add(self, entry: LedgerEntry) -> None: ...

    async def settle_ask(self, session_id: SessionId, kind: LedgerKind) -> None:
        """Set the final kind of a requested call or message, once its outcome is known."""
        ...

    async def clear(self, person: PersonKey, number: NumberKey) -> None:
        """Clear the wrong codes at a number, after the person verified it.

        The person's own are deleted; those of others still count for them, but not for the number.
        """
        ...

    async def bind(self, number: NumberKey, person: PersonKey) -> None:
        """Bind a number to an account for as long as it is verified there."""
        ...

    async def release_later(self, freelancer_id: FreelancerId, until: datetime) -> None:
        """Keep an erased account's verified numbers bound until then."""
        ...

    async def release(self, number: NumberKey) -> bool:
        """Unbind a number, by staff; False if it was not bound."""
        ...

    async def release_all(self, person: PersonKey) -> None:
        """Unbind all numbers of an account whose verification staff revoked."""
        ...
