"""Hand-overs requested per chat, under an anonymous key."""

from datetime import datetime

from sqlalchemy import select

from state.store.sql.transaction import Transaction
from state.store.tables import hand_over as t


class SqlHandOvers:
    """Implements the port `HandOvers`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, asker: str, at: datetime) -> None:
        await self._transaction.run(self._transaction.insert(t).values(asker=asker, asked_at=at))

    async def latest(self, asker: str, count: int, since: datetime) -> datetime | None:
        theirs = select(t.c.asked_at).where(t.c.asker == asker, t.c.asked_at > since)
        moment: datetime | None = await self._transaction.value(
            theirs.order_by(t.c.asked_at.desc()).offset(count - 1).limit(1)
        )
        return moment
