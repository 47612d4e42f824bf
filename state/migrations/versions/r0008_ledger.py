"""Add the verification ledger, and bindings of numbers to accounts.

Existing locks, wrong codes, calls and verified numbers are carried over. The ledger stores people
as keyed hashes, so a database with any of these needs the desk's pepper for this revision.

SQLite can neither change a check constraint nor drop a table that other rows refer to: rounds,
calls and their turns are read, dropped together, recreated and filled again.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import context, op

from state.store.sql.errors import PepperNeededError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = list[Row]
Keyed: TypeAlias = Callable[[bytes, str], str]

MOMENT = sa.BigInteger()  # UTC milliseconds
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DAY = 24 * 60 * 60 * 1000
PERSON, BLOCK = b"person key", b"block key"
BLOCK_DIGITS = 4
UNREACHED = {"provider_failed", "misconfigured", "number_rejected", "not_served", "not_delivered"}
ENTRY: Row = dict.fromkeys(("number_key", "block_key", "locked_until")) | {
    "person_key": "",
    "session_id": "",
    "region": "",
}
PHASES = (
    "'queued', 'placing', 'dialing', 'awaiting_ack', 'awaiting_code', 'awaiting_typed', "
    "'closing', 'ended'"
)
ENDINGS = (
    "'verified', 'locked', 'declined', 'abandoned', 'busy', 'no_answer', 'provider_failed', "
    "'misconfigured', 'number_rejected', 'not_served', 'not_delivered', 'number_in_use', "
    "'expired', 'cancelled'"
)


def upgrade() -> None:
    rounds, sessions, turns = _all("verification_round"), _all("call_session"), _all("call_turn")
    locks = _all("number_lock")
    verified = [row for row in _all("phone_number") if row["verified_at"] is not None]
    keyed = _keyed(needed=bool(rounds or sessions or verified))
    for session in sessions:
        session["person_key"] = keyed(PERSON, session["freelancer_id"])
    for table in ("call_turn", "call_session", "verification_round", "number_lock"):
        op.drop_table(table)
    _new_rounds()
    _sessions(sa.Column("person_key", sa.Text(), nullable=False))
    _turns()
    _ledger()
    _bindings()
    kept = ("freelancer_id", "version", "verified_at", "verified_key")
    _fill("verification_round", [{name: row[name] for name in kept} for row in rounds])
    _fill("call_session", sessions)
    _fill("call_turn", turns)
    _fill(
        "verification_ledger",
        sorted(_entries(rounds, sessions, locks, keyed), key=lambda entry: entry["at"]),
    )
    _fill(
        "number_binding",
        [
            {
                "number_key": row["number_key"],
                "person_key": keyed(PERSON, row["freelancer_id"]),
                "until": None,
            }
            for row in verified
        ],
    )
    _go_on_numbering(sessions)


def downgrade() -> None:
    """Restore the end of each lock; bindings of erased accounts are lost."""
    rounds, sessions, turns = _all("verification_round"), _all("call_session"), _all("call_turn")
    wrong = [row for row in _all("verification_ledger") if row["kind"] == "wrong_code"]
    keyed = _keyed(needed=bool(rounds and wrong))
    for table in ("call_turn", "call_session", "verification_round"):
        op.drop_table(table)
    op.drop_table("verification_ledger")
    op.drop_table("number_binding")
    _old_rounds()
    _sessions()
    _turns()
    _locks()
    _fill("verification_round", [_old_round(row, wrong, keyed) for row in rounds])
    for session in sessions:
        del session["person_key"]
    _fill("call_session", sessions)
    _fill("call_turn", turns)
    ends: dict[str, int] = {}
    for row in wrong:
        if row["locked_until"] is not None and row["number_key"] is not None:
            key = row["number_key"]
            ends[key] = max(ends.get(key, 0), row["locked_until"])
    _fill("number_lock", [{"number_key": k, "locked_until": end} for k, end in ends.items()])
    _go_on_numbering(sessions)


# ------------------------------------------------------------------ what is carried over


def _entries(rounds: Rows, sessions: Rows, locks: Rows, keyed: Keyed) -> Iterator[Row]:
    told = set()
    for row in rounds:
        person = keyed(PERSON, row["freelancer_id"])
        theirs = [one for one in sessions if one["freelancer_id"] == row["freelancer_id"]]
        for at, until in _wrong(row):
            session = _at(theirs, at)
            found = ENTRY | {"at": at, "kind": "wrong_code", "person_key": person}
            if session is not None:
                found |= {"number_key": session["number_key"], "session_id": session["id"]}
                told.add((session["number_key"], until))
            yield found | {"locked_until": until}
    for lock in locks:
        key, until = lock["number_key"], lock["locked_until"]
        if (key, until) not in told:
            at = until - DAY
            yield ENTRY | {
                "at": at,
                "kind": "wrong_code",
                "number_key": key,
                "locked_until": until,
            }
    for session in sessions:
        yield from _asked(session, keyed)


def _wrong(row: Mapping[str, Any]) -> Iterator[tuple[int, int | None]]:
    """Moments of wrong codes, each with the end of the lock that it caused, if any."""
    if row["kind"] == "open":
        yield from ((at, None) for at in json.loads(row["wrong_at"]))
    elif row["kind"] == "locked":
        yield row["locked_until"] - DAY, row["locked_until"]


def _at(sessions: Rows, moment: int) -> Row | None:
    """The call in which a wrong code was entered at that moment."""
    earlier = [one for one in sessions if one["opened_at"] <= moment]
    return max(earlier, key=lambda one: one["seq"], default=None)


def _asked(session: Row, keyed: Keyed) -> Iterator[Row]:
    about = ENTRY | {
        "person_key": session["person_key"],
        "number_key": session["number_key"],
        "session_id": session["id"],
    }
    yield about | {
        "at": session["opened_at"],
        "kind": "unreached" if session["ending"] in UNREACHED else "asked",
        "block_key": keyed(BLOCK, session["number"][:-BLOCK_DIGITS]),
        "region": session["region"],
    }
    if session["ending"] in {"declined", "misconfigured"}:
        yield about | {"at": session["ended_at"], "kind": session["ending"]}


def _old_round(row: Row, wrong: Rows, keyed: Keyed) -> Row:
    theirs = [one for one in wrong if one["person_key"] == keyed(PERSON, row["freelancer_id"])]
    until = max((one["locked_until"] or 0 for one in theirs), default=0)
    nothing = dict.fromkeys(("wrong_at", "locked_until", "verified_at", "verified_key"))
    known = {"freelancer_id": row["freelancer_id"], "version": row["version"], **nothing}
    if until:
        return known | {"kind": "locked", "locked_until": until}
    if row["verified_at"] is not None:
        proved = {"verified_at": row["verified_at"], "verified_key": row["verified_key"]}
        return known | {"kind": "verified", **proved}
    return known | {"kind": "open", "wrong_at": json.dumps([one["at"] for one in theirs])}


def _keyed(*, needed: bool) -> Keyed:
    """HMAC under a label, as numbers are keyed; the pepper is passed in by `migrate`."""
    pepper: bytes | None = context.config.attributes.get("pepper")
    if pepper is None and needed:
        raise PepperNeededError(
            "it holds calls and locks that can only be carried over with HELPDESK_PEPPERS: set it"
        )

    def keyed(label: bytes, text: str) -> str:
        key = hmac.digest(pepper or b"", label, "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

    return keyed


def _all(table: str) -> Rows:
    found = op.get_bind().execute(sa.text(f"SELECT * FROM {table}"))  # noqa: S608 - our names
    return [dict(row) for row in found.mappings()]


def _fill(table: str, rows: Rows) -> None:
    if rows:
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in rows[0]]
        op.get_bind().execute(sa.insert(sa.table(table, *columns)), rows)


def _go_on_numbering(sessions: Rows) -> None:
    if sessions and op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('call_session', 'seq'), max(seq)) "
            "FROM call_session"
        )


# ------------------------------------------------------------------ the tables


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _new_rounds() -> None:
    name = "ck_verification_round_"
    op.create_table(
        "verification_round",
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verified_at", MOMENT),
        sa.Column("verified_key", sa.Text()),
        sa.PrimaryKeyConstraint("freelancer_id", name="pk_verification_round"),
        _check(name + "version", "version >= 1"),
        _check(name + "verified_key", "(verified_at IS NULL) = (verified_key IS NULL)"),
    )


def _old_rounds() -> None:
    name = "ck_verification_round_"
    op.create_table(
        "verification_round",
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wrong_at", sa.Text()),
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


def _locks() -> None:
    op.create_table(
        "number_lock",
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number_key", name="pk_number_lock"),
    )


def _ledger() -> None:
    table = "verification_ledger"
    kinds = "'asked', 'unreached', 'misconfigured', 'declined', 'wrong_code'"
    op.create_table(
        table,
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text()),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("block_key", sa.Text()),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("locked_until", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_verification_ledger"),
        _check("ck_verification_ledger_kind", f"kind IN ({kinds})"),
    )
    for column in ("person_key", "number_key", "session_id", "at"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _bindings() -> None:
    op.create_table(
        "number_binding",
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("until", MOMENT),
        sa.PrimaryKeyConstraint("number_key", name="pk_number_binding"),
    )
    op.create_index("ix_number_binding_person_key", "number_binding", ["person_key"])


def _turns() -> None:
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


def _sessions(*news: sa.Column[Any]) -> None:
    table, name = "call_session", "ck_call_session_"
    op.create_table(
        table,
        sa.Column("seq", COUNTED, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("freelancer_id", sa.Text(), nullable=False),
        *news,
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
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("reached", sa.Integer()),
        sa.PrimaryKeyConstraint("seq", name="pk_call_session"),
        sa.UniqueConstraint("id", name="uq_call_session_id"),
        sa.UniqueConstraint("provider_sid", name="uq_call_session_provider_sid"),
        sa.ForeignKeyConstraint(
            ["freelancer_id"],
            ["verification_round.freelancer_id"],
            name="fk_call_session_freelancer_id",
            ondelete="CASCADE",
        ),
        _check(name + "channel", "channel IN ('call', 'telegram_gateway')"),
        _check(name + "phase", f"phase IN ({PHASES})"),
        _check(name + "ending", f"ending IN ({ENDINGS})"),
        _check(name + "since", "(phase IN ('placing', 'closing')) = (since IS NOT NULL)"),
        _check(name + "silences", "(phase = 'awaiting_ack') = (silences IS NOT NULL)"),
        _check(name + "reprompts", "(phase = 'awaiting_code') = (reprompts IS NOT NULL)"),
        _check(name + "reached", "(phase = 'awaiting_typed') = (reached IS NOT NULL)"),
        _check(name + "ended_at", "(phase = 'ended') = (ended_at IS NOT NULL)"),
        _check(name + "ended_how", "(ending IS NULL) = (ended_at IS NULL)"),
    )
    active = sa.text("ended_at IS NULL")
    for index, column in (
        ("uq_call_session_active", "freelancer_id"),
        ("uq_call_session_active_number", "number_key"),
    ):
        op.create_index(
            index, table, [column], unique=True, sqlite_where=active, postgresql_where=active
        )
    op.create_index("ix_call_session_freelancer_id_seq", table, ["freelancer_id", "seq"])
    op.create_index("ix_call_session_opened_at", table, ["opened_at"])
