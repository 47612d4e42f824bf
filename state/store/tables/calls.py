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


# One row a freelancer: what they proved, and the version that contested changes are saved over.
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

# What limits and locks are counted from. It has no foreign key on purpose: whatever happens to an
# account, its entries stay. It knows people, numbers and blocks only as keyed hashes.
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

# Whose a verified number is, also for a while after its account was erased.
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
