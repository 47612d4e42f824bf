"""Staff members, bans, and the topics of chats in the staff group."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from state.model.chat import ChatId
from state.model.staff import Ban, Role, Staff, StaffId
from state.model.ticket import Topic
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import ban, staff_member, topic


class SqlStaffList:
    """Implements the port `StaffList`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, staff_id: StaffId) -> Staff | None:
        its = select(staff_member).where(staff_member.c.id == staff_id)
        row = await self._transaction.first(its)
        return None if row is None else _to_staff(row)

    async def all(self) -> Sequence[Staff]:
        rows = await self._transaction.all(select(staff_member).order_by(staff_member.c.id))
        return [_to_staff(row) for row in rows]

    async def put(self, staff: Staff) -> None:
        row = {
            "id": staff.id,
            "role": staff.role.value,
            "name": staff.name,
            "added_at": staff.added_at,
            "gone_at": staff.gone_at,
        }
        insert = self._transaction.insert(staff_member).values(row)
        await self._transaction.run(
            insert.on_conflict_do_update(index_elements=[staff_member.c.id], set_=row)
        )


class SqlBans:
    """Implements the port `Bans`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, chat_id: ChatId) -> Ban | None:
        row = await self._transaction.first(select(ban).where(ban.c.chat_id == chat_id))
        return None if row is None else _to_ban(row)

    async def all(self) -> Sequence[Ban]:
        rows = await self._transaction.all(select(ban).order_by(ban.c.at, ban.c.chat_id))
        return [_to_ban(row) for row in rows]

    async def put(self, new: Ban) -> None:
        row = {"chat_id": new.chat_id, "reason": new.reason, "staff_id": new.by, "at": new.at}
        insert = self._transaction.insert(ban).values(row)
        await self._transaction.run(
            insert.on_conflict_do_update(index_elements=[ban.c.chat_id], set_=row)
        )

    async def lift(self, chat_id: ChatId) -> bool:
        return await self._transaction.changed(delete(ban).where(ban.c.chat_id == chat_id))


class SqlTopics:
    """Implements the port `Topics`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, chat_id: ChatId) -> Topic | None:
        return await self._one(topic.c.chat_id == chat_id)

    async def in_group(self, thread_id: int) -> Topic | None:
        return await self._one(topic.c.thread_id == thread_id)

    async def put(self, new: Topic) -> None:
        row: dict[str, Any] = {
            "chat_id": new.chat_id,
            "thread_id": new.thread_id,
            "closed": new.closed,
        }
        insert = self._transaction.insert(topic).values(row)
        await self._transaction.run(
            insert.on_conflict_do_update(index_elements=[topic.c.chat_id], set_=row)
        )

    async def remove(self, chat_id: ChatId) -> None:
        await self._transaction.run(delete(topic).where(topic.c.chat_id == chat_id))

    async def _one(self, which: ColumnElement[bool]) -> Topic | None:
        row = await self._transaction.first(select(topic).where(which))
        if row is None:
            return None
        return Topic(chat_id=ChatId(row.chat_id), thread_id=row.thread_id, closed=row.closed)


def _to_staff(row: AnyRow) -> Staff:
    with reading_row("staff_member", row.id):
        return Staff(
            id=StaffId(row.id),
            role=Role(row.role),
            name=row.name,
            added_at=row.added_at,
            gone_at=row.gone_at,
        )


def _to_ban(row: AnyRow) -> Ban:
    return Ban(chat_id=ChatId(row.chat_id), reason=row.reason, by=StaffId(row.staff_id), at=row.at)
