"""Replies to the call provider, and the provider events already seen."""

from datetime import datetime

from sqlalchemy import select

from state.model.verification import SessionId
from state.store.sql.transaction import Transaction
from state.store.tables import call_turn, provider_event


class SqlProviderReplies:
    """Implements the port `ProviderReplies`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, session_id: SessionId, turn: int) -> str | None:
        asked = (call_turn.c.session_id == session_id) & (call_turn.c.turn == turn)
        body: str | None = await self._transaction.value(select(call_turn.c.body).where(asked))
        return body

    async def put(self, session_id: SessionId, turn: int, body: str) -> None:
        await self._transaction.run(
            self._transaction.insert(call_turn).values(session_id=session_id, turn=turn, body=body)
        )

    async def register_event(self, provider: str, event: str, at: datetime) -> bool:
        insert = self._transaction.insert(provider_event).values(
            provider=provider, event=event, received_at=at
        )
        return await self._transaction.changed(insert.on_conflict_do_nothing())
