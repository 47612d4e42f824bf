"""Tables of staff sign-in links and browser sessions."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from state.model.sign_in import Way
from state.store.sql.types import UtcDateTime
from state.store.tables.columns import metadata, one_of

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", BigInteger, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

visit = Table(
    "visit",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("staff_id", BigInteger, nullable=False),
    Column("way", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    one_of("way", Way),
    Index(None, "staff_id"),
)
