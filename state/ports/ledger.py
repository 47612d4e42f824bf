"""The ledger of verification, and which account a number is bound to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.ledger import LedgerEntry, LedgerKind, Tally
from state.model.verification import NumberKey, PersonKey, SessionId


class LedgerReader(Protocol):
    """Append-only for everything that a person, staff or the marketplace can do."""

    async def about(
        self, person: PersonKey, number: NumberKey | None, *, since: datetime
    ) -> Sequence[LedgerEntry]:
        """What is newer than `since`, or locks beyond it, of the person or at the number.

        Oldest first. Without a number: of the person alone.
        """
        ...

    async def tally(self, to: Destination, *, since: datetime) -> Tally:
        """What rang since then: in the number's block, in its region, and in all.

        Whoever writes upon it has the tally to themselves until their transaction is over.
        """
        ...

    async def bound_to(self, number: NumberKey, *, now: datetime) -> PersonKey | None:
        """The account that nobody else may take the number from now."""
        ...


class Ledger(LedgerReader, Protocol):
    async def add(self, entry: LedgerEntry) -> None: ...

    async def settle_ask(self, session_id: SessionId, kind: LedgerKind) -> None:
        """Note what became of a call or message that was asked for."""
        ...

    async def clear(self, person: PersonKey, number: NumberKey) -> None:
        """The person proved the number: what was wrong there counts no more.

        Theirs is removed; what others brought counts on for them, though not for the number.
        """
        ...

    async def bind(self, number: NumberKey, person: PersonKey) -> None:
        """The number is this account's, for as long as it is verified there."""
        ...

    async def release_later(self, freelancer_id: FreelancerId, until: datetime) -> None:
        """An account is erased: its verified numbers stay bound until then."""
        ...

    async def release(self, number: NumberKey) -> bool:
        """Staff free a number; False if it was not bound."""
        ...

    async def release_all(self, person: PersonKey) -> None:
        """Staff take back an account's verification: its numbers are free."""
        ...
