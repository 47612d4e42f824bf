"""A desk to act on and an onlooker who sees only what was committed, for each kind of store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from state.ports import InboxQueue, OutboxQueue, Transact
from state.store.database import Database
from tests.state.store.desk import Desk
from tests.support.databases import opened
from tests.support.fakes import InMemoryDatabase

A_FEW = 3
"""Tests in which a race is always lost need not lose it a hundred times."""


FIXTURES = {"sqlite": "sqlite_url", "sqlite, near": "sqlite_url", "postgresql": "postgres_url"}


@dataclass(frozen=True, slots=True)
class NearDesk:
    """The same database by the way that turns take."""

    database: Database

    @property
    def transact(self) -> Transact:
        return self.database.transact

    @property
    def inbox_queue(self) -> InboxQueue:
        return self.database.inbox_queue

    @property
    def outbox_queue(self) -> OutboxQueue:
        return self.database.outbox_queue


@pytest.fixture(params=["memory", *FIXTURES])
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def address(request: pytest.FixtureRequest, store: str) -> str | None:
    name = FIXTURES.get(store)
    return None if name is None else str(request.getfixturevalue(name))


@pytest_asyncio.fixture
async def desk(address: str | None, store: str) -> AsyncIterator[Desk]:
    if address is None:
        yield InMemoryDatabase()
    else:
        async with opened(address, tries=A_FEW) as database:
            yield NearDesk(database) if store == "sqlite, near" else database


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
