"""A desk with people around it, for each conversation anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chat import ADA, ANN, BEN, BOB, Conversation, Scene
from tests.support.scenes import opened_scene


@pytest.fixture
def journey_url(sqlite_url: str) -> str:
    """Where a module's conversations are kept; the contested ones override this with both."""
    return sqlite_url


@pytest_asyncio.fixture
async def scene(journey_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(journey_url, folder=tmp_path) as scene:
        yield scene


@pytest.fixture
def ada(scene: Scene) -> Conversation:
    return scene.person(ADA)


@pytest.fixture
def ben(scene: Scene) -> Conversation:
    return scene.person(BEN)


@pytest_asyncio.fixture
async def ann(ada: Conversation) -> Conversation:
    """A member of staff in the topic of Ada, who has asked for a person."""
    await ada.say("/human")
    return ada.scene.staff(ANN)


@pytest.fixture
def bob(ada: Conversation, ann: Conversation) -> Conversation:
    """Another member of staff in the same topic."""
    bob = ada.scene.staff(BOB, thread=ann.thread)
    bob.name = "Bob"
    return bob
