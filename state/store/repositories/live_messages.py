"""Living messages: which message of a chat shows a matter, so that it can be edited in place."""

from sqlalchemy import bindparam, delete, select

from state.model.chat import ChatId
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import Transaction
from state.store.tables import living_message as t

_GET = Prepared(
    select(t.c.message_id).where(
        t.c.chat_id == bindparam("chat"), t.c.matter == bindparam("about")
    )
)
_PUT = Prepared(
    lambda insert: insert(t).on_conflict_do_update(
        index_elements=[t.c.chat_id, t.c.matter],
        set_={"message_id": insert(t).excluded.message_id},
    ),
    sets=("chat_id", "matter", "message_id"),
)


class SqlLivingMessages:
    """Implements the port `LivingMessages`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, chat_id: ChatId, matter: str) -> int | None:
        message_id: int | None = await self._transaction.value(_GET, chat=chat_id, about=matter)
        return message_id

    async def put(self, chat_id: ChatId, matter: str, message_id: int) -> None:
        await self._transaction.changed(
            _PUT, chat_id=chat_id, matter=matter, message_id=message_id
        )

    async def remove(self, chat_id: ChatId, matter: str) -> None:
        asked = (t.c.chat_id == chat_id) & (t.c.matter == matter)
        await self._transaction.run(delete(t).where(asked))

    async def erase(self, chat_id: ChatId) -> None:
        await self._transaction.run(delete(t).where(t.c.chat_id == chat_id))
