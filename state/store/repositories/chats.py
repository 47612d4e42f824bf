"""Chats. A chat is linked to at most one freelancer, and a freelancer to at most one chat."""

from typing import Any

from sqlalchemy import bindparam, delete, select

from state.model.account import FreelancerId
from state.model.chat import Awaiting, Chat, ChatId
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import chat as t

_GET = Prepared(select(t).where(t.c.id == bindparam("of")))
_OF = Prepared(select(t).where(t.c.freelancer_id == bindparam("of")))


class SqlChats:
    """Implements the port `Chats`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, chat_id: ChatId) -> Chat | None:
        row = await self._transaction.first(_GET, of=chat_id)
        return None if row is None else _to_chat(row)

    async def of(self, freelancer_id: FreelancerId) -> Chat | None:
        row = await self._transaction.first(_OF, of=freelancer_id)
        return None if row is None else _to_chat(row)

    async def save(self, chat: Chat) -> None:
        row = _to_row(chat)
        insert = self._transaction.insert(t).values(row)
        await self._transaction.run(
            insert.on_conflict_do_update(index_elements=[t.c.id], set_=row)
        )

    async def erase(self, chat_id: ChatId) -> None:
        await self._transaction.run(delete(t).where(t.c.id == chat_id))


def _to_row(chat: Chat) -> dict[str, Any]:
    return {
        "id": chat.id,
        "freelancer_id": chat.freelancer_id,
        "linked_at": chat.linked_at,
        "awaiting": chat.awaiting.value,
        "language": chat.language,
        "blocked_at": chat.blocked_at,
        "nudge_at": chat.nudge_at,
    }


def _to_chat(row: AnyRow) -> Chat:
    with reading_row("chat", row.id):
        return Chat(
            id=ChatId(row.id),
            freelancer_id=None if row.freelancer_id is None else FreelancerId(row.freelancer_id),
            linked_at=row.linked_at,
            awaiting=Awaiting(row.awaiting),
            language=row.language,
            blocked_at=row.blocked_at,
            nudge_at=row.nudge_at,
        )
