"""A desk with people around it, some of whom are up to no good."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chat import ADA, Conversation, Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        yield scene


@pytest.fixture
def ada(scene: Scene) -> Conversation:
    return scene.person(ADA)
