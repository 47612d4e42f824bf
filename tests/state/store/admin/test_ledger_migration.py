"""What counted before there was a ledger is carried over into it, and back."""

import hmac
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from state.store.admin import migrate as schema
from state.store.database import Database
from state.store.sql.errors import PepperNeededError
from tests.support.databases import fresh_postgres, opened

PEPPER = b"p" * 16
DAY = 24 * 60 * 60 * 1000
NOW = 1_800_000_000_000
BEFORE = (
    f"INSERT INTO verification_round VALUES ('ann', 3, 'locked', NULL, {NOW + DAY}, NULL, NULL)",
    (
        "INSERT INTO verification_round "
        f"VALUES ('ben', 4, 'open', '[{NOW - 5000}, {NOW - 4000}]', NULL, NULL, NULL)"
    ),
    f"INSERT INTO verification_round VALUES ('cid', 5, 'verified', NULL, NULL, {NOW}, 'k-cid')",
    f"INSERT INTO number_lock VALUES ('k-ann', {NOW + DAY})",
    f"INSERT INTO number_lock VALUES ('k-gone', {NOW + 7})",
    (
        "INSERT INTO phone_number (freelancer_id, number, number_key, set_at, verified_at) "
        f"VALUES ('cid', '+12025550123', 'k-cid', {NOW}, {NOW})"
    ),
)
SESSION = (
    "INSERT INTO call_session (seq, id, freelancer_id, number, number_key, seed, pepper_id, "
    "opened_at, expires_at, phase, ending, ended_at, turn, channel, region) VALUES "
    "({seq}, '{id}', '{who}', '+12025550{seq}', 'k-{who}', 'x', 'p1', {at}, {at}, 'ended', "
    "'{ending}', {at}, 2, 'call', 'US')"
)
SESSIONS = (
    SESSION.format(seq=101, id="s1", who="ann", at=NOW - 9000, ending="locked"),
    SESSION.format(seq=102, id="s2", who="ben", at=NOW - 9000, ending="declined"),
    SESSION.format(seq=103, id="s3", who="ben", at=NOW - 4500, ending="not_delivered"),
    SESSION.format(seq=104, id="s4", who="cid", at=NOW - 9000, ending="misconfigured"),
    "INSERT INTO call_turn VALUES ('s1', 0, '<x/>')",
)


def keyed(label: bytes, words: str) -> str:
    key = hmac.digest(PEPPER, label, "sha256")
    return hmac.digest(key, words.encode(), "sha256").hex()


def person(name: str) -> str:
    return keyed(b"person key", name)


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def old(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the revision before, with rows of every kind."""
    if request.param == "sqlite":
        async with opened(f"sqlite+aiosqlite:///{tmp_path / 'old.db'}") as database:
            await _filled(database)
            yield database
    else:
        async with fresh_postgres() as url, opened(url) as database:
            await _filled(database)
            yield database


async def _filled(database: Database) -> None:
    await schema.upgrade(database)
    await schema.downgrade(database, "0007")
    seed = "x'00'" if database.connections.engine.dialect.name == "sqlite" else "'\\x00'"
    async with database.connections.writing() as transaction:
        for statement in (*BEFORE, *SESSIONS):
            await transaction.run(text(statement.replace("'x'", seed)))


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    async with database.connections.reading() as transaction:
        return [tuple(row) for row in (await transaction.run(text(query))).all()]


async def test_the_migration_carries_earlier_attempts_and_calls_into_the_ledger(
    old: Database,
) -> None:
    await schema.upgrade(old, pepper=PEPPER)

    wrong = await rows(
        old,
        "SELECT person_key, number_key, at, locked_until FROM verification_ledger "
        "WHERE kind = 'wrong_code' ORDER BY at, number_key",
    )
    assert wrong == [
        ("", "k-gone", NOW + 7 - DAY, NOW + 7),
        (person("ben"), "k-ben", NOW - 5000, None),
        (person("ben"), "k-ben", NOW - 4000, None),
        (person("ann"), "k-ann", NOW, NOW + DAY),
    ]
    calls = await rows(
        old,
        "SELECT session_id, kind, person_key, region FROM verification_ledger "
        "WHERE kind <> 'wrong_code' ORDER BY session_id, kind",
    )
    assert calls == [
        ("s1", "asked", person("ann"), "US"),
        ("s2", "asked", person("ben"), "US"),
        ("s2", "declined", person("ben"), ""),
        ("s3", "unreached", person("ben"), "US"),
        ("s4", "misconfigured", person("cid"), ""),
        ("s4", "unreached", person("cid"), "US"),
    ]
    blocks = await rows(
        old, "SELECT DISTINCT block_key FROM verification_ledger WHERE block_key IS NOT NULL"
    )
    assert blocks == [(keyed(b"block key", "+1202555"),)]
    bound = await rows(old, "SELECT * FROM number_binding")
    assert bound == [("k-cid", person("cid"), None)]
    proved = await rows(old, "SELECT * FROM verification_round ORDER BY freelancer_id")
    assert proved == [("ann", 3, None, None), ("ben", 4, None, None), ("cid", 5, NOW, "k-cid")]


async def test_the_downgrade_restores_the_same_locks_and_rounds(old: Database) -> None:
    kinds = "SELECT freelancer_id, version, kind, wrong_at, locked_until, verified_key FROM "
    query = f"{kinds} verification_round ORDER BY freelancer_id"
    before = await rows(old, query)
    sessions = await rows(old, "SELECT seq, id, number, ending FROM call_session ORDER BY seq")

    await schema.upgrade(old, pepper=PEPPER)
    await schema.downgrade(old, "0007", pepper=PEPPER)

    assert await rows(old, query) == before
    assert await rows(old, "SELECT * FROM number_lock ORDER BY number_key") == [
        ("k-ann", NOW + DAY),
        ("k-gone", NOW + 7),
    ]
    kept = await rows(old, "SELECT seq, id, number, ending FROM call_session ORDER BY seq")
    assert kept == sessions
    assert await rows(old, "SELECT * FROM call_turn") == [("s1", 0, "<x/>")]


async def test_without_a_pepper_the_migration_is_refused_and_changes_nothing(
    old: Database,
) -> None:
    with pytest.raises(PepperNeededError, match="HELPDESK_PEPPERS"):
        await schema.upgrade(old)

    assert await rows(old, "SELECT count(*) FROM number_lock") == [(2,)]


async def test_session_numbers_continue_after_the_migration(old: Database) -> None:
    await schema.upgrade(old, pepper=PEPPER)
    insert = SESSION.format(seq="", id="s9", who="ann", at=NOW, ending="busy")
    seed = "x'00'" if old.connections.engine.dialect.name == "sqlite" else "'\\x00'"
    statement = (
        insert.replace("(seq, ", "(person_key, ").replace("VALUES (", "VALUES ('p'")
    ).replace("'x'", seed)

    async with old.connections.writing() as transaction:
        await transaction.run(text(statement))

    assert await rows(old, "SELECT seq FROM call_session WHERE id = 's9'") == [(105,)]
