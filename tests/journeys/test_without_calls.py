"""A desk without a telephone line, or without a public address, answers all the same."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.chat import Conversation, Scene
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(sqlite_url, folder=tmp_path, voice="none") as scene:
        yield scene


async def test_without_a_call_provider_no_call_is_offered(scene: Scene, ada: Conversation) -> None:
    await ada.link()

    [verify] = await ada.say("/verify")
    await ada.say("/connects")
    [pressed] = await ada.press("Verify my phone")
    [asked] = await ada.press_data(pressed, "v:call")

    assert {one.text for one in (verify, pressed, asked)} == {verify.text}
    assert "I can't place calls at the moment." in verify.text
    assert verify.labels == ["Talk to a person"]
    assert scene.provider.orders == []


async def test_without_a_call_provider_its_webhook_does_not_exist(scene: Scene) -> None:
    answer = await scene.door.post(f"/hooks/twilio/voice/{'0' * 32}/0")

    assert answer.status == 404


async def test_without_a_call_provider_everything_else_works(ada: Conversation) -> None:
    [answer] = await ada.say("how do I verify my phone?")

    assert answer.text.startswith("Verifying your phone number")


async def test_without_a_public_url_the_telegram_webhook_does_not_exist(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with opened_scene(
        sqlite_url, folder=tmp_path / "polling", voice="none", public_url=None
    ) as scene:
        answer = await scene.door.post("/telegram")

    assert answer.status == 404
