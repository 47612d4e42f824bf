"""Create the first tables.

Types are spelled out, not imported: a revision must not change with later code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
JSON = sa.Text()
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _accounts()
    _chats()
    _numbers()
    _rounds()
    _sessions()
    _answers()
    _messages()
    _inbox()
    _outbox()


def downgrade() -> None:
    for table in (
        "outbox",
        "inbox",
        "audit_event",
        "living_message",
        "provider_event",
        "call_turn",
        "call_session",
        "number_lock",
        "verification_round",
        "phone_number",
        "link_offer",
        "chat",
        "completion",
        "account",
    ):
        op.drop_table(table)


def _index(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        list(columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("plan_allowance", sa.BigInteger()),
        sa.Column("connects_balance", sa.BigInteger()),
        sa.Column("profile", JSON, nullable=False),
        sa.Column("completeness", sa.Double()),
        sa.Column("quick_actions", JSON, nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("phone_verified", sa.Boolean()),
        sa.Column("extra", JSON, nullable=False),
        sa.PrimaryKeyConstraint("freelancer_id", name="pk_account"),
    )
    op.create_table(
        "completion",
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("freelancer_id", "step", name="pk_completion"),
    )


def _chats() -> None:
    op.create_table(
        "chat",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("freelancer_id", sa.Text()),
        sa.Column("linked_at", MOMENT),
        sa.Column("awaiting", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("blocked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_chat"),
        sa.UniqueConstraint("freelancer_id", name="uq_chat_freelancer_id"),
        _check("ck_chat_awaiting", "awaiting IN ('nothing', 'number')"),
    )
    op.create_table(
        "link_offer",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("token_hash", name="pk_link_offer"),
        sa.UniqueConstraint("code_hash", name="uq_link_offer_code_hash"),
    )
    op.create_index("ix_link_offer_freelancer_id", "link_offer", ["freelancer_id"])


def _numbers() -> None:
    table = "phone_number"
    op.create_table(
        table,
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text()),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT),
        sa.Column("verified_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_phone_number"),
        sa.UniqueConstraint(
            "freelancer_id", "number_key", name="uq_phone_number_freelancer_id_number_key"
        ),
    )
    current, verified = "replaced_at IS NULL", "verified_at IS NOT NULL"
    _index("uq_phone_number_current", table, "freelancer_id", where=current, unique=True)
    _index("uq_phone_number_verified", table, "number_key", where=verified, unique=True)
    op.create_table(
        "number_lock",
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number_key", name="pk_number_lock"),
    )


def _rounds() -> None:
    name = "ck_verification_round_"
    op.create_table(
        "verification_round",
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wrong_at", JSON),
        sa.Column("locked_until", MOMENT),
        sa.Column("verified_at", MOMENT),
        sa.Column("verified_key", sa.Text()),
        sa.PrimaryKeyConstraint("freelancer_id", name="pk_verification_round"),
        _check(name + "kind", "kind IN ('open', 'locked', 'verified')"),
        _check(name + "version", "version >= 1"),
        _check(name + "wrong_at", "(kind = 'open') = (wrong_at IS NOT NULL)"),
        _check(name + "locked_until", "(kind = 'locked') = (locked_until IS NOT NULL)"),
        _check(name + "verified_at", "(kind = 'verified') = (verified_at IS NOT NULL)"),
        _check(name + "verified_key", "(kind = 'verified') = (verified_key IS NOT NULL)"),
    )


def _sessions() -> None:
    table = "call_session"
    op.create_table(
        table,
        sa.Column("seq", COUNTED, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("pepper_id", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("silences", sa.Integer()),
        sa.Column("reprompts", sa.Integer()),
        sa.Column("ending", sa.Text()),
        sa.Column("ended_at", MOMENT),
        sa.Column("provider_sid", sa.Text()),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_call_session"),
        sa.UniqueConstraint("id", name="uq_call_session_id"),
        sa.UniqueConstraint("provider_sid", name="uq_call_session_provider_sid"),
        sa.ForeignKeyConstraint(
            ["freelancer_id"],
            ["verification_round.freelancer_id"],
            name="fk_call_session_freelancer_id",
            ondelete="CASCADE",
        ),
        *_session_checks("ck_call_session_"),
    )
    active = "ended_at IS NULL"
    _index("uq_call_session_active", table, "freelancer_id", where=active, unique=True)
    _index("uq_call_session_active_number", table, "number_key", where=active, unique=True)
    op.create_index("ix_call_session_freelancer_id_seq", table, ["freelancer_id", "seq"])
    op.create_index("ix_call_session_opened_at", table, ["opened_at"])


def _session_checks(name: str) -> list[sa.CheckConstraint]:
    phases = "'queued', 'placing', 'dialing', 'awaiting_ack', 'awaiting_code', 'closing', 'ended'"
    endings = (
        "'verified', 'locked', 'declined', 'abandoned', 'busy', 'no_answer', 'provider_failed', "
        "'number_rejected', 'not_served', 'number_in_use', 'expired', 'cancelled'"
    )
    return [
        _check(name + "phase", f"phase IN ({phases})"),
        _check(name + "ending", f"ending IN ({endings})"),
        _check(name + "since", "(phase IN ('placing', 'closing')) = (since IS NOT NULL)"),
        _check(name + "silences", "(phase = 'awaiting_ack') = (silences IS NOT NULL)"),
        _check(name + "reprompts", "(phase = 'awaiting_code') = (reprompts IS NOT NULL)"),
        _check(name + "ended_at", "(phase = 'ended') = (ended_at IS NOT NULL)"),
        _check(name + "ended_how", "(ending IS NULL) = (ended_at IS NULL)"),
    ]


def _answers() -> None:
    op.create_table(
        "call_turn",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "turn", name="pk_call_turn"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["call_session.id"], name="fk_call_turn_session_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "provider_event",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("provider", "event", name="pk_provider_event"),
    )


def _messages() -> None:
    op.create_table(
        "living_message",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "matter", name="pk_living_message"),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_subject", "audit_event", ["subject"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
        _check("ck_inbox_state", "state IN ('pending', 'done', 'given_up')"),
        _check("ck_inbox_done_at", "(state = 'pending') = (done_at IS NULL)"),
        _check("ck_inbox_payload", "payload IS NOT NULL OR state = 'done'"),
    )
    _index("ix_inbox_pending", "inbox", "lane", "update_id", where="done_at IS NULL")
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", JSON),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        _check("ck_outbox_state", "state IN ('pending', 'done', 'given_up')"),
        _check("ck_outbox_done_at", "(state = 'pending') = (done_at IS NULL)"),
        _check("ck_outbox_payload", "payload IS NOT NULL OR state <> 'pending'"),
        sqlite_autoincrement=True,
    )
    _index("ix_outbox_pending", "outbox", "id", where="done_at IS NULL")
    _index("ix_outbox_pending_lane", "outbox", "lane", "id", where="done_at IS NULL")
