"""In the group: who takes a talk over is seen to, and has to answer before it is ended."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.chat import GROUP, Conversation, Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def test_after_taking_over_bob_cannot_close_the_conversation_without_a_reply(
    ada: Conversation, ann: Conversation, bob: Conversation
) -> None:
    await ann.say("I am on it")
    await bob.say("/take over")
    told = bob.text
    await bob.say("/close")
    refused = bob.last.text
    await bob.say("/ban rude")
    refused_too = bob.last.text
    await bob.say("Bob here")
    await bob.say("/close")

    assert "Bob has taken this over from Ann." in told
    assert refused == refused_too
    assert "you took this talk over from Ann. Answer first" in refused
    assert "Bob has closed this." in bob.text
