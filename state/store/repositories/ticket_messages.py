"""Messages and notes of tickets, with each message's ids in both chats."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, select, true, update

from state.model.chat import ChatId
from state.model.staff import StaffId
from state.model.ticket import Author, Content, TalkId, TalkMessage, TicketId, TicketNote
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import ticket_message as t
from state.store.tables import ticket_note as n

_PLACES = frozenset({"in_chat", "in_group"})


class SqlTalks:
    """Implements the port `Talks`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, message: TalkMessage) -> TalkMessage:
        insert = self._transaction.insert(t).values(_to_row(message)).returning(t.c.id)
        number = (await self._transaction.run(insert)).scalar_one()
        return replace(message, id=TalkId(number))

    async def get(self, talk_id: TalkId) -> TalkMessage | None:
        return await self._one(t.c.id == talk_id)

    async def in_chat(self, chat_id: ChatId, message_id: int) -> TalkMessage | None:
        return await self._one((t.c.chat_id == chat_id) & (t.c.in_chat == message_id))

    async def in_group(self, message_id: int) -> TalkMessage | None:
        return await self._one(t.c.in_group == message_id)

    async def album(self, ticket_id: TicketId, album: str) -> Sequence[TalkMessage]:
        return await self._all((t.c.ticket_id == ticket_id) & (t.c.album == album))

    async def save(self, message: TalkMessage) -> None:
        said = {name: value for name, value in _to_row(message).items() if name not in _PLACES}
        await self._transaction.run(update(t).where(t.c.id == message.id).values(said))

    async def place(
        self, talk_id: TalkId, *, in_chat: int | None = None, in_group: int | None = None
    ) -> None:
        places = {"in_chat": in_chat, "in_group": in_group}
        known = {name: place for name, place in places.items() if place is not None}
        await self._transaction.run(update(t).where(t.c.id == talk_id).values(known))

    async def of(
        self, ticket_id: TicketId, *, after: TalkId | None = None
    ) -> Sequence[TalkMessage]:
        later = true() if after is None else t.c.id > after
        return await self._all((t.c.ticket_id == ticket_id) & later)

    async def add_note(self, note: TicketNote) -> None:
        row = {"ticket_id": note.ticket_id, "staff_id": note.by, "at": note.at, "text": note.text}
        await self._transaction.run(self._transaction.insert(n).values(row))

    async def notes(self, ticket_id: TicketId) -> Sequence[TicketNote]:
        its = select(n).where(n.c.ticket_id == ticket_id).order_by(n.c.id)
        return [
            TicketNote(
                ticket_id=TicketId(row.ticket_id),
                by=StaffId(row.staff_id),
                at=row.at,
                text=row.text,
            )
            for row in await self._transaction.all(its)
        ]

    async def _one(self, which: ColumnElement[bool]) -> TalkMessage | None:
        row = await self._transaction.first(select(t).where(which))
        return None if row is None else _to_message(row)

    async def _all(self, which: ColumnElement[bool]) -> Sequence[TalkMessage]:
        rows = await self._transaction.all(select(t).where(which).order_by(t.c.id))
        return [_to_message(row) for row in rows]


def _to_row(message: TalkMessage) -> dict[str, Any]:
    return {
        "ticket_id": message.ticket_id,
        "chat_id": message.chat_id,
        "author": message.author.value,
        "staff_id": message.staff_id,
        "content": message.content.value,
        "text": message.text,
        "file_id": message.file_id,
        "file_key": message.file_key,
        "file_name": message.file_name,
        "album": message.album,
        "reply_to": message.reply_to,
        "in_chat": message.in_chat,
        "in_group": message.in_group,
        "at": message.at,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
    }


def _to_message(row: AnyRow) -> TalkMessage:
    with reading_row("ticket_message", row.id):
        return TalkMessage(
            id=TalkId(row.id),
            ticket_id=TicketId(row.ticket_id),
            chat_id=ChatId(row.chat_id),
            author=Author(row.author),
            staff_id=None if row.staff_id is None else StaffId(row.staff_id),
            content=Content(row.content),
            text=row.text,
            file_id=row.file_id,
            file_key=row.file_key,
            file_name=row.file_name,
            album=row.album,
            reply_to=None if row.reply_to is None else TalkId(row.reply_to),
            in_chat=row.in_chat,
            in_group=row.in_group,
            at=row.at,
            edited_at=row.edited_at,
            deleted_at=row.deleted_at,
        )
