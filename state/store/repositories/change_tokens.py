"""Change tokens of tickets: a count and a few maxima, read from indexes."""

from sqlalchemy import func, select

from state.model.ticket import TicketId
from state.store.sql.transaction import AnySelect, Transaction
from state.store.tables import ticket as t
from state.store.tables import ticket_message as m
from state.store.tables import ticket_note as n


class SqlChangeTokens:
    """Implements the port `Pulse`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_all(self) -> str:
        """Change token of open tickets: a change raises a version, a close lowers the count."""
        is_open = t.c.closed_at.is_(None)
        open_ = select(func.count(), func.sum(t.c.version), func.max(t.c.id)).where(is_open)
        return await self._told(open_, select(func.max(m.c.id)))

    async def of_one(self, ticket_id: TicketId) -> str:
        said = select(
            func.max(m.c.id),
            func.count(m.c.in_chat),
            func.max(m.c.edited_at),
            func.max(m.c.deleted_at),
        ).where(m.c.ticket_id == ticket_id)
        noted = select(func.max(n.c.id)).where(n.c.ticket_id == ticket_id)
        return await self._told(select(t.c.version).where(t.c.id == ticket_id), said, noted)

    async def _told(self, *statements: AnySelect) -> str:
        """Concatenate the first rows of some queries into a token."""
        rows = [await self._transaction.first(one) for one in statements]
        return "-".join(_short(value) for row in rows for value in (row or ()))


def _short(value: object) -> str:
    """Letters and digits only: safe in an event id and in a URL."""
    return "".join(sign for sign in str(value or 0) if sign.isalnum())
