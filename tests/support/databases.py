"""Creates and opens databases for fixtures, and for tests that need one without tables."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from state.store.admin import migrate as schema
from state.store.database import MOST_TRIES, Database, open_database

POSTGRES = os.environ.get(
    "HELPDESK_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres"
)
NO_POSTGRES = "no PostgreSQL at HELPDESK_TEST_POSTGRES"


@asynccontextmanager
async def opened(url: str, *, tries: int = MOST_TRIES) -> AsyncIterator[Database]:
    database = open_database(url, tries=tries)
    try:
        yield database
    finally:
        await database.close()


async def migrated(url: str) -> str:
    async with opened(url) as database:
        await schema.upgrade(database)
    return url


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def execute(url: str, *statements: str) -> None:
    """Execute statements on PostgreSQL, each in a transaction of its own."""
    connection = await asyncpg.connect(_plain(url), timeout=5)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def fresh_postgres() -> AsyncIterator[str]:
    """An empty database, dropped at the end. Without a server: skips, or fails in CI."""
    name = f"helpdesk_test_{secrets.token_hex(6)}"
    try:
        await execute(
            POSTGRES,
            f"CREATE DATABASE {name}",
            f"ALTER DATABASE {name} SET synchronous_commit TO off",  # no test pulls the plug
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"{NO_POSTGRES}: {error}")
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        await execute(POSTGRES, f"DROP DATABASE {name} WITH (FORCE)")
