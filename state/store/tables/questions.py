"""Tables of questions and of groups of unanswered questions."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, Table, Text

from state.model.question import Fault, Outcome
from state.store.sql.types import JsonText, RowNumber, UtcDateTime
from state.store.tables.columns import metadata, one_of, partial

question = Table(
    "question",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("place", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("words", Text),
    Column("outcome", Text, nullable=False),
    Column("slug", Text),
    Column("runner_up", Text),
    Column("score", Double, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("helpful", Boolean),
    Column("fault", Text),
    Column("led_to", Text),
    one_of("outcome", Outcome),
    one_of("fault", Fault),
    partial("ix_question_chat", "chat_id", "id", where="chat_id IS NOT NULL"),
    partial("ix_question_owned", "asked_at", where="chat_id IS NOT NULL"),
    partial("ix_question_words", "id", where="words IS NOT NULL"),
    Index(None, "asked_at"),
    # Ids are sent in buttons: none may be reused for another question.
    sqlite_autoincrement=True,
)

missed_group = Table(
    "missed_group",
    metadata,
    Column("key", Text, primary_key=True),
    Column("language", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("how", JsonText, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
