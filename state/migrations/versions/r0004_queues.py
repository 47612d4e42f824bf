"""Split the outbox into queues, so that a slow recipient delays no other queue."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE, INDEX = "outbox", "ix_outbox_pending"


def upgrade() -> None:
    queue = sa.Column("queue", sa.Text(), nullable=False, server_default="chats")
    op.add_column(TABLE, queue)
    op.drop_index(INDEX, TABLE)
    _index_pending("queue", "id")


def downgrade() -> None:
    """Delete tasks of queues that the earlier version lacks: it could not read them."""
    op.execute("DELETE FROM outbox WHERE queue <> 'chats'")
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, "queue")
    _index_pending("id")


def _index_pending(*columns: str) -> None:
    pending = sa.text("done_at IS NULL")
    op.create_index(INDEX, TABLE, list(columns), sqlite_where=pending, postgresql_where=pending)
