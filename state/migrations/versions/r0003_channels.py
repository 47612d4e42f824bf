"""Give calls a channel, a region and two more endings.

SQLite cannot change a check constraint, so both tables are recreated and filled from copies;
PostgreSQL is migrated the same way.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.BigInteger()  # UTC milliseconds
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = (
    "seq, id, freelancer_id, number, number_key, seed, pepper_id, opened_at, expires_at, phase, "
    "since, silences, reprompts, ending, ended_at, provider_sid, turn"
)
OLD_PHASES = "'queued', 'placing', 'dialing', 'awaiting_ack', 'awaiting_code', 'closing', 'ended'"
PHASES = (
    "'queued', 'placing', 'dialing', 'awaiting_ack', 'awaiting_code', 'awaiting_typed', "
    "'closing', 'ended'"
)
OLD_ENDINGS = (
    "'verified', 'locked', 'declined', 'abandoned', 'busy', 'no_answer', 'provider_failed', "
    "'number_rejected', 'not_served', 'number_in_use', 'expired', 'cancelled'"
)
ENDINGS = (
    "'verified', 'locked', 'declined', 'abandoned', 'busy', 'no_answer', 'provider_failed', "
    "'misconfigured', 'number_rejected', 'not_served', 'not_delivered', 'number_in_use', "
    "'expired', 'cancelled'"
)


def upgrade() -> None:
    _set_aside()
    _sessions(
        [
            sa.Column("channel", sa.Text(), nullable=False),
            sa.Column("region", sa.Text(), nullable=False),
            sa.Column("reached", sa.Integer()),
        ],
        [
            _check("channel", "channel IN ('call', 'telegram_gateway')"),
            _check("reached", "(phase = 'awaiting_typed') = (reached IS NOT NULL)"),
            *_checks(PHASES, ENDINGS),
        ],
    )
    op.execute(
        f"INSERT INTO call_session ({KEPT}, channel, region) "  # noqa: S608 - names alone
        f"SELECT {KEPT}, 'call', '' FROM kept_session"
    )
    _take_back()


def downgrade() -> None:
    """Drop values that the earlier version does not know."""
    _set_aside()
    _sessions([], _checks(OLD_PHASES, OLD_ENDINGS))
    op.execute(
        f"INSERT INTO call_session ({KEPT}) SELECT {KEPT} FROM kept_session "  # noqa: S608 - names alone
        f"WHERE channel = 'call' AND (ending IS NULL OR ending IN ({OLD_ENDINGS}))"
    )
    _take_back()


def _set_aside() -> None:
    op.execute("CREATE TEMPORARY TABLE kept_session AS SELECT * FROM call_session")
    op.execute("CREATE TEMPORARY TABLE kept_turn AS SELECT * FROM call_turn")
    op.drop_table("call_turn")
    op.drop_table("call_session")


def _take_back() -> None:
    """Restore the replies too, and continue the sequence of ids."""
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
    op.execute(
        "INSERT INTO call_turn SELECT session_id, turn, body FROM kept_turn "
        "WHERE session_id IN (SELECT id FROM call_session)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('call_session', 'seq'), max(seq)) "
            "FROM kept_session HAVING max(seq) IS NOT NULL"
        )
    op.execute("DROP TABLE kept_turn")
    op.execute("DROP TABLE kept_session")


def _sessions(news: list[sa.Column[object]], checks: list[sa.CheckConstraint]) -> None:
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
        *news,
        sa.PrimaryKeyConstraint("seq", name="pk_call_session"),
        sa.UniqueConstraint("id", name="uq_call_session_id"),
        sa.UniqueConstraint("provider_sid", name="uq_call_session_provider_sid"),
        sa.ForeignKeyConstraint(
            ["freelancer_id"],
            ["verification_round.freelancer_id"],
            name="fk_call_session_freelancer_id",
            ondelete="CASCADE",
        ),
        *checks,
    )
    _index_active("uq_call_session_active", "freelancer_id")
    _index_active("uq_call_session_active_number", "number_key")
    op.create_index("ix_call_session_freelancer_id_seq", table, ["freelancer_id", "seq"])
    op.create_index("ix_call_session_opened_at", table, ["opened_at"])


def _checks(phases: str, endings: str) -> list[sa.CheckConstraint]:
    return [
        _check("phase", f"phase IN ({phases})"),
        _check("ending", f"ending IN ({endings})"),
        _check("since", "(phase IN ('placing', 'closing')) = (since IS NOT NULL)"),
        _check("silences", "(phase = 'awaiting_ack') = (silences IS NOT NULL)"),
        _check("reprompts", "(phase = 'awaiting_code') = (reprompts IS NOT NULL)"),
        _check("ended_at", "(phase = 'ended') = (ended_at IS NOT NULL)"),
        _check("ended_how", "(ending IS NULL) = (ended_at IS NULL)"),
    ]


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_call_session_{name}"))


def _index_active(name: str, column: str) -> None:
    active = sa.text("ended_at IS NULL")
    op.create_index(
        name,
        "call_session",
        [column],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
