"""How much staff may write in their group at once: told whole, cut, or refused in words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chat import GROUP, Conversation, Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


@pytest.mark.parametrize(("command", "most"), [("/note", 2000), ("/ban", 300)])
async def test_a_message_longer_than_on_the_staff_pages_is_refused(
    ada: Conversation, ann: Conversation, command: str, most: int
) -> None:
    await ann.say(f"{command} {'😀' * (most // 2)}x")

    assert f"this has {most + 1} characters, and {most} are the most" in ann.last.text
    assert len(ada.messages) == 1


async def test_the_longest_note_and_reason_are_shown_in_full(
    ada: Conversation, ann: Conversation
) -> None:
    await ann.say(f"/note {'😀' * 1000}")
    noted = ann.last.text
    await ann.say(f"/ban {'b' * 300}")

    assert noted == f"Note by Ann: {'😀' * 1000}"
    assert "b" * 300 in ada.last.text
    assert "b" * 300 in ann.last.text


async def test_the_longest_edit_refused_by_telegram_is_reported_with_its_beginning(
    ada: Conversation, ann: Conversation
) -> None:
    await ada.say("my acount is gone")
    ada.scene.telegram.delete(GROUP, ann.last.message_id)

    await ada.edit("gone " * 819)

    assert ann.last.text.startswith("Edited, it says now:\n\ngone gone ")
    assert ann.last.text.endswith("…")
    assert len(ann.last.text) == 4096


async def test_a_ban_needs_a_reason_and_unban_needs_a_ban(
    ada: Conversation, ann: Conversation
) -> None:
    await ann.say("/ban")
    usage = ann.last.text
    await ann.say("/unban")

    assert "Write the reason after it" in usage
    assert ann.last.text == "This chat isn't banned."
