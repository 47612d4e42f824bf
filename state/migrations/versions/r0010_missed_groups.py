"""Add groups of unanswered questions, and the former holder of a ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
WITH_WORDS = sa.text("words IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "missed_group",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_missed_group"),
    )
    op.add_column("ticket", sa.Column("taken_from", sa.BigInteger()))
    op.create_index(
        "ix_question_words",
        "question",
        ["id"],
        sqlite_where=WITH_WORDS,
        postgresql_where=WITH_WORDS,
    )


def downgrade() -> None:
    """Delete the groups of unanswered questions."""
    op.drop_index("ix_question_words", "question")
    op.drop_column("ticket", "taken_from")
    op.drop_table("missed_group")
