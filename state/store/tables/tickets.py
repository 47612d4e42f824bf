"""Tables of tickets: messages, notes, topics, staff, hand-overs and bans."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from state.model.staff import Role
from state.model.ticket import Author, Content, HandOver, Resolution
from state.store.sql.types import JsonText, RowNumber, UtcDateTime
from state.store.tables.columns import metadata, one_of, partial


class TicketKind(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


ticket = Table(
    "ticket",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("freelancer_id", Text),
    Column("caller", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked", JsonText, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("taken_by", BigInteger),
    Column("taken_at", UtcDateTime),
    Column("taken_from", BigInteger),
    Column("closed_at", UtcDateTime),
    Column("closed_by", BigInteger),
    Column("resolution", Text),
    Column("first_reply_at", UtcDateTime),
    Column("reopened", Integer, nullable=False),
    Column("solved", Boolean),
    Column("passing_told", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    one_of("reason", HandOver),
    one_of("state", TicketKind),
    one_of("resolution", Resolution),
    CheckConstraint("(state = 'taken') = (taken_by IS NOT NULL)", name="taken_by"),
    CheckConstraint("(state = 'taken') = (taken_at IS NOT NULL)", name="taken_at"),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    CheckConstraint("(state = 'closed') = (resolution IS NOT NULL)", name="closed_how"),
    CheckConstraint("version >= 1", name="version"),
    partial("uq_ticket_open", "chat_id", where="closed_at IS NULL", unique=True),
    partial("ix_ticket_waiting", "waiting_since", where="closed_at IS NULL"),
    Index(None, "chat_id"),
    Index(None, "opened_at"),
    Index(None, "closed_at"),
    # Ids are shown to people: none may be reused for another ticket.
    sqlite_autoincrement=True,
)

ticket_message = Table(
    "ticket_message",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("ticket_id", RowNumber, ForeignKey(ticket.c.id, ondelete="CASCADE"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("staff_id", BigInteger),
    Column("content", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("file_id", Text),
    Column("file_key", Text),
    Column("file_name", Text),
    Column("album", Text),
    Column("reply_to", RowNumber),
    Column("in_chat", BigInteger),
    Column("in_group", BigInteger),
    Column("at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    one_of("author", Author),
    one_of("content", Content),
    CheckConstraint("(author = 'staff') = (staff_id IS NOT NULL)", name="staff_id"),
    UniqueConstraint("chat_id", "in_chat"),  # NULLs differ from each other on both databases
    UniqueConstraint("in_group"),
    Index(None, "ticket_id", "id"),
    sqlite_autoincrement=True,
)

ticket_note = Table(
    "ticket_note",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("ticket_id", RowNumber, ForeignKey(ticket.c.id, ondelete="CASCADE"), nullable=False),
    Column("staff_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "ticket_id"),
)

# At most one per chat, while it exists in the staff group.
topic = Table(
    "topic",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("closed", Boolean, nullable=False),
    UniqueConstraint("thread_id"),
)

staff_member = Table(
    "staff_member",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_at", UtcDateTime),
    Column("gone_at", UtcDateTime),
    one_of("role", Role),
)

# `asker` is a keyed hash of the chat, so that the limit survives an erasure anonymously.
hand_over = Table(
    "hand_over",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("asker", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Index(None, "asker", "asked_at"),
    Index(None, "asked_at"),
)

ban = Table(
    "ban",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("staff_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
