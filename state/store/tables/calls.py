"""Tables of phone verification: rounds, ledger, number bindings, call sessions and turns."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from state.model.channel import Channel
from state.model.ledger import LedgerKind
from state.model.verification import Ending
from state.store.sql.types import RowNumber, UtcDateTime
from state.store.tables.columns import metadata, one_of, partial


class PhaseKind(StrEnum):
    QUEUED = "queued"
    PLACING = "placing"
    DIALING = "dialing"
    AWAITING_ACK = "awaiting_ack"
    AWAITING_CODE = "awaiting_code"
    AWAITING_TYPED = "awaiting_typed"
    CLOSING = "closing"
    ENDED = "ended"


# One row per freelancer: the proof, and the version for the version check.
verification_round = Table(
    "verification_round",
    metadata,
    Column("freelancer_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("verified_at", UtcDateTime),
    Column("verified_key", Text),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("(verified_at IS NULL) = (verified_key IS NULL)", name="verified_key"),
)

# Limits and locks are counted from this table. No foreign key, on purpose: entries outlive their
# account. People, numbers and blocks are stored as keyed hashes only.
verification_ledger = Table(
    "verification_ledger",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("number_key", Text),
    Column("session_id", Text, nullable=False),
    Column("block_key", Text),
    Column("region", Text, nullable=False),
    Column("locked_until", UtcDateTime),
    one_of("kind", LedgerKind),
    Index(None, "person_key"),
    Index(None, "number_key"),
    Index(None, "session_id"),
    Index(None, "at"),
)

# Account of each verified number, also for some time after that account's erasure.
number_binding = Table(
    "number_binding",
    metadata,
    Column("number_key", Text, primary_key=True),
    Column("person_key", Text, nullable=False),
    Column("until", UtcDateTime),
    Index(None, "person_key"),
)

call_session = Table(
    "call_session",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("id", Text, nullable=False),
    Column(
        "freelancer_id",
        Text,
        ForeignKey(verification_round.c.freelancer_id, ondelete="CASCADE"),
        nullable=False,
    ),
    Column("person_key", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("seed", LargeBinary, nullable=False),
    Column("pepper_id", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("phase", Text, nullable=False),
    Column("since", UtcDateTime),
    Column("silences", Integer),
    Column("reprompts", Integer),
    Column("ending", Text),
    Column("ended_at", UtcDateTime),
    Column("provider_sid", Text),
    Column("turn", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("reached", Integer),
    UniqueConstraint("id"),
    UniqueConstraint("provider_sid"),
    one_of("channel", Channel),
    one_of("phase", PhaseKind),
    one_of("ending", Ending),
    CheckConstraint("(phase IN ('placing', 'closing')) = (since IS NOT NULL)", name="since"),
    CheckConstraint("(phase = 'awaiting_ack') = (silences IS NOT NULL)", name="silences"),
    CheckConstraint("(phase = 'awaiting_code') = (reprompts IS NOT NULL)", name="reprompts"),
    CheckConstraint("(phase = 'awaiting_typed') = (reached IS NOT NULL)", name="reached"),
    CheckConstraint("(phase = 'ended') = (ended_at IS NOT NULL)", name="ended_at"),
    CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended_how"),
    partial("uq_call_session_active", "freelancer_id", where="ended_at IS NULL", unique=True),
    partial("uq_call_session_active_number", "number_key", where="ended_at IS NULL", unique=True),
    Index(None, "freelancer_id", "seq"),
    Index(None, "opened_at"),
)

call_turn = Table(
    "call_turn",
    metadata,
    Column(
        "session_id", Text, ForeignKey(call_session.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

provider_event = Table(
    "provider_event",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("received_at", UtcDateTime, nullable=False),
)
