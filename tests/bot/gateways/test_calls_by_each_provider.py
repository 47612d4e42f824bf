"""Each call provider with the whole desk behind it, as the bot's own wiring joins them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.gateways.provider_desk import wire_settings
from tests.support.chat import ADA, Scene
from tests.support.provider_protocols import Telephone, Wire
from tests.support.scenes import opened_scene


@pytest_asyncio.fixture
async def scene(
    wire: Wire, address: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    changes = wire_settings(wire, address, monkeypatch)
    async with opened_scene(
        sqlite_url, folder=tmp_path, providers=wire.providers, **changes
    ) as scene:
        yield scene


async def ringing(scene: Scene, wire: Wire) -> Telephone:
    ada = scene.person(ADA)
    await ada.link()
    await ada.say("/verify")
    await ada.press("Yes, call me now")
    return wire.phone(scene.door, scene.settle)


async def test_a_forged_request_is_refused_and_changes_nothing(scene: Scene, wire: Wire) -> None:
    phone = await ringing(scene, wire)
    shown = scene.person(ADA).text

    assert await phone.forge() == 403
    assert scene.person(ADA).text == shown


async def test_a_repeated_request_is_answered_the_same_and_counts_once(
    scene: Scene, wire: Wire
) -> None:
    phone = await ringing(scene, wire)
    await phone.pick_up()
    await phone.key("#")
    wrong = await phone.key(scene.person(ADA).wrong_code)

    first, again = await phone.repeat()

    assert "You have 2 attempts left." in wrong.words
    assert first == again
    assert "2 attempts left." in scene.person(ADA).last.text


async def test_another_call_than_the_sessions_gets_no_words(scene: Scene, wire: Wire) -> None:
    phone = await ringing(scene, wire)
    phone.sid = "another"

    said = await phone.pick_up()

    assert (said.words, said.goes_on) == ("", False)
    assert "Your phone is ringing" in scene.person(ADA).last.text


async def test_a_verification_by_call_runs_from_the_order_to_its_end(
    scene: Scene, wire: Wire
) -> None:
    phone, ada = await ringing(scene, wire), scene.person(ADA)

    greeting = await phone.pick_up()
    asked = await phone.key("#")
    unclear = await phone.speak("twelve", confidence=0.9)
    wrong = await phone.key(ada.wrong_code)
    right = await phone.key(ada.code)
    reported = await phone.report("completed")
    await scene.wait(seconds=5)

    assert "this is Test Desk" in greeting.words
    assert "6 digits" in asked.words
    assert "This did not cost you an attempt." in unclear.words
    assert "You have 2 attempts left." in wrong.words
    assert (right.words, right.goes_on) == (
        "That is right. Your number is verified. Goodbye.",
        False,
    )
    assert reported == 204
    assert "Phone verification: done." in ada.last.text
    assert "ended before" not in ada.text


async def test_the_bot_does_not_call_its_own_number(scene: Scene) -> None:
    ada, outside = scene.person(ADA), scene.parts.web_routes.calls
    assert outside is not None
    await ada.link()
    await ada.say("/verify")
    await ada.press("Use another number")

    [refused] = await ada.say(outside.caller)

    assert "can't" in refused.text
