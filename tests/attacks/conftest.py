"""A desk with people around it, on each database, for everything an attacker may try."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chat import ADA, BEN, Conversation, Scene
from tests.support.gateway import Gateway
from tests.support.scenes import opened_scene

STAFF = -1001
"""The group of the people who run the desk."""


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest_asyncio.fixture
async def scene(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> AsyncIterator[Scene]:
    """With the Telegram Gateway for tests that name it."""
    named = "gateway" in request.fixturenames
    gateway = request.getfixturevalue("gateway") if named else None
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=STAFF, gateway=gateway
    ) as scene:
        yield scene


@pytest.fixture
def ada(scene: Scene) -> Conversation:
    return scene.person(ADA)


@pytest.fixture
def ben(scene: Scene) -> Conversation:
    return scene.person(BEN)


@pytest.fixture
def staff(scene: Scene) -> Conversation:
    return scene.person(ADA, chat=STAFF)
