"""Add nudges, revoked steps, guesses of link codes, and an index on phone numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("chat", sa.Column("nudge_at", MOMENT))
    op.add_column("completion", sa.Column("struck_at", MOMENT))
    op.create_table(
        "link_guess",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("guesser", sa.Text(), nullable=False),
        sa.Column("guessed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_guess"),
    )
    op.create_index("ix_link_guess_guessed_at", "link_guess", ["guessed_at"])
    op.create_index("ix_phone_number_number", "phone_number", ["number"])


def downgrade() -> None:
    """Delete revoked steps: the earlier version would show them as done."""
    op.drop_index("ix_phone_number_number", "phone_number")
    op.drop_table("link_guess")
    op.execute("DELETE FROM completion WHERE struck_at IS NOT NULL")
    op.drop_column("completion", "struck_at")
    op.drop_column("chat", "nudge_at")
