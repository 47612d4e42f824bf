"""Add staff sign-in links and sessions, sequels of questions, and an index on the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds


def upgrade() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_link"),
    )
    op.create_table(
        "visit",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_visit"),
        sa.CheckConstraint("way IN ('telegram', 'link')", name="way"),
    )
    op.create_index("ix_visit_staff_id", "visit", ["staff_id"])
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.add_column("question", sa.Column("led_to", sa.Text()))


def downgrade() -> None:
    """Sign out all staff."""
    op.drop_column("question", "led_to")
    op.drop_index("ix_audit_event_at", "audit_event")
    op.drop_table("visit")
    op.drop_table("sign_in_link")
