"""Two processes' worth of connections to one database, for whoever races on it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.faults.crowd import Crowd
from tests.support.databases import opened


@pytest_asyncio.fixture
async def crowd(database_url: str) -> AsyncIterator[Crowd]:
    async with opened(database_url) as one, opened(database_url) as other:
        yield Crowd(transacts=(one.transact, other.transact), onlooker=one)
