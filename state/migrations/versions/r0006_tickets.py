"""Add tickets with messages, notes and topics, and staff and bans."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REASONS = "'asked', 'no_article', 'unclear', 'policy', 'tool_failure', 'locked_out', 'other'"
CONTENTS = (
    "'text', 'photo', 'video', 'animation', 'audio', 'voice', 'video_note', 'document', "
    "'sticker', 'location', 'other'"
)


def upgrade() -> None:
    _create_ticket()
    _create_ticket_message()
    op.create_table(
        "ticket_note",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("ticket_id", COUNTED, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_note"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name="fk_ticket_note_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_ticket_note_ticket_id", "ticket_note", ["ticket_id"])
    op.create_table(
        "topic",
        sa.Column("chat_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_topic"),
        sa.UniqueConstraint("thread_id", name="uq_topic_thread_id"),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT),
        sa.Column("gone_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_staff_member"),
        sa.CheckConstraint(
            "role IN ('agent', 'lead', 'admin')", name=op.f("ck_staff_member_role")
        ),
    )
    op.create_table(
        "ban",
        sa.Column("chat_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_ban"),
    )


def downgrade() -> None:
    for table in ("ban", "staff_member", "topic", "ticket_note", "ticket_message", "ticket"):
        op.drop_table(table)


def _create_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("freelancer_id", sa.Text()),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.BigInteger()),
        sa.Column("taken_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.BigInteger()),
        sa.Column("resolution", sa.Text()),
        sa.Column("first_reply_at", MOMENT),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Boolean()),
        sa.Column("passing_told", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        *_ticket_checks(),
        sqlite_autoincrement=True,
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_ticket_open",
        "ticket",
        ["chat_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index(
        "ix_ticket_waiting",
        "ticket",
        ["waiting_since"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    for column in ("chat_id", "opened_at", "closed_at"):
        op.create_index(f"ix_ticket_{column}", "ticket", [column])


def _ticket_checks() -> list[sa.CheckConstraint]:
    checks = {
        "reason": f"reason IN ({REASONS})",
        "state": "state IN ('waiting', 'taken', 'closed')",
        "resolution": "resolution IN ('by_staff', 'back_to_bot', 'banned')",
        "taken_by": "(state = 'taken') = (taken_by IS NOT NULL)",
        "taken_at": "(state = 'taken') = (taken_at IS NOT NULL)",
        "closed_at": "(state = 'closed') = (closed_at IS NOT NULL)",
        "closed_how": "(state = 'closed') = (resolution IS NOT NULL)",
        "version": "version >= 1",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_ticket_{name}")) for name, rule in checks.items()
    ]


def _create_ticket_message() -> None:
    op.create_table(
        "ticket_message",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("ticket_id", COUNTED, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text()),
        sa.Column("file_key", sa.Text()),
        sa.Column("file_name", sa.Text()),
        sa.Column("album", sa.Text()),
        sa.Column("reply_to", COUNTED),
        sa.Column("in_chat", sa.BigInteger()),
        sa.Column("in_group", sa.BigInteger()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("deleted_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_message"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name="fk_ticket_message_ticket_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "author IN ('freelancer', 'staff')", name=op.f("ck_ticket_message_author")
        ),
        sa.CheckConstraint(f"content IN ({CONTENTS})", name=op.f("ck_ticket_message_content")),
        sa.CheckConstraint(
            "(author = 'staff') = (staff_id IS NOT NULL)", name=op.f("ck_ticket_message_staff_id")
        ),
        sa.UniqueConstraint("chat_id", "in_chat", name="uq_ticket_message_chat_id_in_chat"),
        sa.UniqueConstraint("in_group", name="uq_ticket_message_in_group"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_message_ticket_id_id", "ticket_message", ["ticket_id", "id"])
