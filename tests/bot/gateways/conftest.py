"""The other side of each call provider, one after the other."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from tests.bot.gateways.provider_wires import WIRES
from tests.support.provider_protocols import Wire


@pytest.fixture(params=WIRES)
def wire(request: pytest.FixtureRequest) -> Wire:
    return WIRES[request.param]()


@pytest_asyncio.fixture
async def address(wire: Wire) -> AsyncIterator[str]:
    """Where the wire is answered."""
    async with TestServer(wire.application()) as server:
        yield f"http://127.0.0.1:{server.port}"
