"""Whether anything is new, asked so often that it has to cost nearly nothing."""

from typing import Protocol

from state.model.ticket import TicketId


class Pulse(Protocol):
    """A short text each that is another one whenever something was said or done."""

    async def of_all(self) -> str:
        """Of the talks that are open."""
        ...

    async def of_one(self, ticket_id: TicketId) -> str: ...
