"""A desk to act on and an onlooker who sees only what was committed, for each kind of store."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from state.store.engine import Database
from tests.databases import opened
from tests.fakes import InMemoryDatabase
from tests.state.store.desk import Desk

A_FEW = 3
"""Tests in which a race is always lost need not lose it a hundred times."""


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str | None:
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    name = fixtures.get(request.param)
    return None if name is None else str(request.getfixturevalue(name))


@pytest_asyncio.fixture
async def desk(address: str | None) -> AsyncIterator[Desk]:
    if address is None:
        yield InMemoryDatabase()
    else:
        async with opened(address, tries=A_FEW) as database:
            yield database


@pytest_asyncio.fixture
async def onlooker(address: str | None, desk: Desk) -> AsyncIterator[Desk]:
    if address is None:
        yield desk
    else:
        async with opened(address, tries=A_FEW) as database:
            yield database


@pytest_asyncio.fixture
async def second(database_url: str) -> AsyncIterator[Database]:
    """Another process, so to speak, on the same database as `database`."""
    async with opened(database_url) as database:
        yield database
