"""Add questions and their outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "question"
OUTCOMES = "'found', 'unsure', 'nothing', 'opened'"
FAULTS = "'not_meant', 'incomplete', 'outdated', 'no_use'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text()),
        sa.Column("runner_up", sa.Text()),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("helpful", sa.Boolean()),
        sa.Column("fault", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_question_outcome")),
        sa.CheckConstraint(f"fault IN ({FAULTS})", name=op.f("ck_question_fault")),
        sqlite_autoincrement=True,
    )
    _index_owned("ix_question_chat", "chat_id", "id")
    _index_owned("ix_question_owned", "asked_at")
    op.create_index("ix_question_asked_at", TABLE, ["asked_at"])


def downgrade() -> None:
    op.drop_table(TABLE)


def _index_owned(name: str, *columns: str) -> None:
    owned = sa.text("chat_id IS NOT NULL")
    op.create_index(name, TABLE, list(columns), sqlite_where=owned, postgresql_where=owned)
