"""Tables of accounts, completions, chats, link offers and phone numbers."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Table, Text, UniqueConstraint

from state.model.chat import Awaiting
from state.store.sql.types import JsonText, RowNumber, UtcDateTime
from state.store.tables.columns import metadata, one_of, partial

account = Table(
    "account",
    metadata,
    Column("freelancer_id", Text, primary_key=True),
    Column("as_of", UtcDateTime, nullable=False),
    Column("plan", Text, nullable=False),
    Column("display_name", Text),
    Column("language", Text),
    Column("plan_allowance", BigInteger),
    Column("connects_balance", BigInteger),
    Column("profile", JsonText, nullable=False),
    Column("completeness", Double),
    Column("quick_actions", JsonText, nullable=False),
    Column("phone", Text),
    Column("phone_verified", Boolean),
    Column("extra", JsonText, nullable=False),
)

# No foreign key to `account`: a step can be proved here before the first snapshot.
completion = Table(
    "completion",
    metadata,
    Column("freelancer_id", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("done_at", UtcDateTime, nullable=False),
    Column("proof", Text, nullable=False),
    # Revoked by staff; proofs from before no longer count.
    Column("struck_at", UtcDateTime),
)

chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("freelancer_id", Text),
    Column("linked_at", UtcDateTime),
    Column("awaiting", Text, nullable=False),
    Column("language", Text),
    Column("blocked_at", UtcDateTime),
    Column("nudge_at", UtcDateTime),
    UniqueConstraint("freelancer_id"),  # NULLs differ from each other on both databases
    one_of("awaiting", Awaiting),
)

link_offer = Table(
    "link_offer",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("code_hash", Text, nullable=False),
    Column("freelancer_id", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    UniqueConstraint("code_hash"),
    Index(None, "freelancer_id"),
)

# `guesser` is a keyed hash of the chat, so that the limit survives an erasure anonymously.
link_guess = Table(
    "link_guess",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("guesser", Text, nullable=False),
    Column("guessed_at", UtcDateTime, nullable=False),
    Index(None, "guessed_at"),
)

# Every number of a freelancer. A verified one stays theirs when another becomes current, so
# that one phone cannot verify several accounts in turn.
phone_number = Table(
    "phone_number",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("freelancer_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", Text),
    Column("set_at", UtcDateTime, nullable=False),
    Column("replaced_at", UtcDateTime),
    Column("verified_at", UtcDateTime),
    UniqueConstraint("freelancer_id", "number_key"),
    Index(None, "number"),
    partial("uq_phone_number_current", "freelancer_id", where="replaced_at IS NULL", unique=True),
    partial(
        "uq_phone_number_verified", "number_key", where="verified_at IS NOT NULL", unique=True
    ),
)
