"""Verification rounds, call sessions, and what was said and answered in a call."""

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
from state.model.verification import Ending
from state.store.tables.columns import metadata, one_of, partial
from state.store.types import Moments, RowNumber, UtcDateTime


class RoundKind(StrEnum):
    OPEN = "open"
    LOCKED = "locked"
    VERIFIED = "verified"


class PhaseKind(StrEnum):
    QUEUED = "queued"
    PLACING = "placing"
    DIALING = "dialing"
    AWAITING_ACK = "awaiting_ack"
    AWAITING_CODE = "awaiting_code"
    AWAITING_TYPED = "awaiting_typed"
    CLOSING = "closing"
    ENDED = "ended"


# One row a freelancer: the round in course, or how the last one ended.
verification_round = Table(
    "verification_round",
    metadata,
    Column("freelancer_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wrong_at", Moments),
    Column("locked_until", UtcDateTime),
    Column("verified_at", UtcDateTime),
    Column("verified_key", Text),
    one_of("kind", RoundKind),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("(kind = 'open') = (wrong_at IS NOT NULL)", name="wrong_at"),
    CheckConstraint("(kind = 'locked') = (locked_until IS NOT NULL)", name="locked_until"),
    CheckConstraint("(kind = 'verified') = (verified_at IS NOT NULL)", name="verified_at"),
    CheckConstraint("(kind = 'verified') = (verified_key IS NOT NULL)", name="verified_key"),
)

# Outlives the freelancer's own rows: it knows a number only as a keyed hash.
number_lock = Table(
    "number_lock",
    metadata,
    Column("number_key", Text, primary_key=True),
    Column("locked_until", UtcDateTime, nullable=False),
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
