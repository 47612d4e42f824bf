"""The staff's pages of a real bot, with one of each role."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.web.staff.browser import ADDRESS, ADMIN, AGENT, LEAD, Browser
from tests.support.chat import Scene
from tests.support.scenes import opened_scene

ROLES = f"{ADMIN}:admin,{LEAD}:lead,{AGENT}:agent"


@pytest_asyncio.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff=ROLES, staff_url=ADDRESS, answers="words"
    ) as scene:
        yield scene


@pytest.fixture
def browser(desk: Scene) -> Browser:
    return Browser(scene=desk)
