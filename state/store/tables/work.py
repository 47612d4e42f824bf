"""Tables of inbox, outbox, living messages and the audit trail."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from state.model.work import Queue
from state.store.sql.types import JsonText, RowNumber, UtcDateTime
from state.store.tables.columns import metadata, one_of, partial


class WorkState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    GIVEN_UP = "given_up"
    """Taken out of its lane (inbox) or never delivered (outbox); the reason is stored."""


living_message = Table(
    "living_message",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", Text, primary_key=True),
    Column("message_id", BigInteger, nullable=False),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "subject"),
    Index(None, "at"),
)

# A row is pending as long as it has no `done_at`; `state` says how it ended.
inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", Text, nullable=False),
    Column("payload", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
    Column("done_at", UtcDateTime),
    one_of("state", WorkState),
    CheckConstraint("(state = 'pending') = (done_at IS NULL)", name="done_at"),
    CheckConstraint("payload IS NOT NULL OR state = 'done'", name="payload"),
    partial("ix_inbox_pending", "lane", "update_id", where="done_at IS NULL"),
    Index(None, "received_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("queue", Text, nullable=False, server_default=Queue.CHATS.value),
    Column("lane", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", JsonText),
    Column("due_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
    Column("done_at", UtcDateTime),
    UniqueConstraint("key"),
    one_of("state", WorkState),
    CheckConstraint("(state = 'pending') = (done_at IS NULL)", name="done_at"),
    CheckConstraint("payload IS NOT NULL OR state <> 'pending'", name="payload"),
    partial("ix_outbox_pending", "queue", "id", where="done_at IS NULL"),
    partial("ix_outbox_pending_lane", "lane", "id", where="done_at IS NULL"),
    # Ids are never reused: a worker's id must not come to mean another task.
    sqlite_autoincrement=True,
)
