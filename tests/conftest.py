"""Databases for tests: SQLite in a file of its own, PostgreSQL in a database of its own."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web_app

from state.store.database import Database
from state.store.tables import metadata
from tests.support import databases
from tests.support.databases import NO_POSTGRES, execute, fresh_postgres, migrated, opened

CACHE = "HELPDESK_CACHE"


def pytest_configure(config: pytest.Config) -> None:
    """What phrasings mean is kept from run to run, apart from what the developer's bot keeps."""
    os.environ[CACHE] = str(config.rootpath / ".pytest_cache" / "helpdesk")


def pytest_collection_finish() -> None:
    """What is imported stays, so that the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_teardown() -> None:
    """aiohttp remembers the handlers of every application, and with them a whole bot a test."""
    web_app._cached_build_middleware.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let all tests that miss PostgreSQL be skipped in one place, so that they are one line."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and NO_POSTGRES in report.longrepr[2]:
        report.longrepr = (databases.__file__, 1, report.longrepr[2])
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _migrated_postgres() -> AsyncIterator[str]:
    async with fresh_postgres() as url:
        yield await migrated(url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "helpdesk.db"
    await migrated(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(_migrated_sqlite: Path, tmp_path: Path) -> str:
    """An SQLite database with every table and no row."""
    file = shutil.copy(_migrated_sqlite, tmp_path / "helpdesk.db")
    return f"sqlite+aiosqlite:///{file}"


@pytest_asyncio.fixture
async def postgres_url(_migrated_postgres: str) -> str:
    """A PostgreSQL database with every table and no row."""
    emptied = (f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
    await execute(_migrated_postgres, "; ".join(emptied))  # ten times faster than TRUNCATE
    return _migrated_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return str(request.getfixturevalue(fixtures[request.param]))


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database
