"""The doors of a real bot, without the network between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.chat import Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        yield scene
