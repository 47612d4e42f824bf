"""Count hand-overs per chat, close tickets of former accounts, add a queue for the staff group.

An open ticket belongs to the account of its chat: one opened before the chat had any is assigned
to that account now; one whose chat has another account by now is closed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


NOW = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000",
    "postgresql": "CAST(extract(epoch FROM now()) * 1000 AS bigint)",
}
ACCOUNT_NOW = "(SELECT chat.freelancer_id FROM chat WHERE chat.id = ticket.chat_id)"


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
    )
    op.create_index("ix_hand_over_asker_asked_at", "hand_over", ["asker", "asked_at"])
    op.create_index("ix_hand_over_asked_at", "hand_over", ["asked_at"])
    op.execute(
        "UPDATE outbox SET queue = 'group' "
        "WHERE done_at IS NULL AND queue = 'chats' AND lane LIKE 'ticket:%'"
    )
    op.execute(
        f"UPDATE ticket SET freelancer_id = {ACCOUNT_NOW} "  # noqa: S608 - constants alone
        "WHERE closed_at IS NULL AND freelancer_id IS NULL"
    )
    op.execute(
        f"UPDATE ticket SET state = 'closed', closed_at = {NOW[op.get_bind().dialect.name]}, "  # noqa: S608 - as above
        "resolution = 'back_to_bot', taken_by = NULL, taken_at = NULL, version = version + 1 "
        f"WHERE closed_at IS NULL AND freelancer_id <> COALESCE({ACCOUNT_NOW}, '')"
    )


def downgrade() -> None:
    op.execute("UPDATE outbox SET queue = 'chats' WHERE queue = 'group'")
    op.drop_table("hand_over")
