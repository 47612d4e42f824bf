"""Change tokens for polling: very cheap to read, different after every change."""

from typing import Protocol

from state.model.ticket import TicketId


class ChangeTokens(Protocol):
    """Change tokens: short strings that differ after any message or action."""

    async def of_all(self) -> str:
        """Change token of all open tickets."""
        ...

    async def of_one(self, ticket_id: TicketId) -> str: ...
