"""What is kept of a person is told and handed over, and erased when they confirm it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.chat import Conversation, Scene
from tests.support.traces import EDITED, NAME, NUMBER, QUESTION, live_a_little


@pytest.fixture
def journey_url(database_url: str) -> str:
    return database_url


async def test_an_erasure_needs_confirmation(ada: Conversation) -> None:
    await ada.link()
    [asked] = await ada.say("/forget")

    [kept] = await ada.press("No, keep it")
    [progress] = await ada.say("/connects")

    assert asked.labels == ["No, keep it", "Yes, erase everything"]
    assert kept.text == "Nothing was erased."
    assert "10 of 40" in progress.text


async def test_an_old_confirmation_button_asks_again(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    await ada.say("/forget")
    scene.clock.forward(minutes=10)

    [asked] = await ada.press("Yes, erase everything")
    [progress] = await ada.say("/connects")

    assert "Erase everything I keep of you?" in asked.text
    assert "10 of 40" in progress.text


async def test_the_export_contains_everything_and_no_secret(
    scene: Scene, ada: Conversation
) -> None:
    await live_a_little(scene, ada)
    seen_code = {code.replace(" ", "") for code in scene.telegram.codes}

    await ada.say("/export")

    found = ada.file
    text = json.dumps(found)
    account = found["account"]
    assert account["id"] == "f-1001"
    assert account["reading"]["display_name"] == NAME
    assert account["reading"]["timezone"] == "Europe/Berlin"
    assert [one["step"] for one in account["steps_done"]] == ["basic_profile"]
    assert [one["number"] for one in account["numbers"]] == [NUMBER, EDITED]
    assert [(one["number"], one["ended"]) for one in account["calls"]] == [(NUMBER, "abandoned")]
    assert len(account["verification"]["wrong_codes_at"]) == 1
    assert "chat.linked" in [one["what"] for one in account["history"]]
    assert [one["words"] for one in found["questions"]] == [QUESTION]
    assert found["chat"]["id"] == ada.chat
    assert [secret for secret in (*seen_code, *await secrets_of(scene)) if secret in text] == []


async def secrets_of(scene: Scene) -> list[str]:
    """What the database knows and nobody has a use for."""

    async def look(unit: Any) -> list[str]:
        verification = await unit.verifications.load("f-1001")
        session = verification.session
        links = await unit.links.of("f-1001")
        hashes = [secret for one in links for secret in (one.token_hash, one.code_hash)]
        return [session.seed.hex(), session.number_key, session.id, *hashes]

    return await scene.parts.desk.database.read(look)


async def test_the_export_of_a_chat_without_an_account_holds_only_chat_data(
    ada: Conversation,
) -> None:
    await ada.say(QUESTION)

    [sent] = await ada.say("/export")

    assert sent.file is not None
    assert sent.file.name == "my-data-2026-11-23.json"
    assert sent.text.startswith("All I know of you, as of 23 Nov 2026, 12:00 UTC.")
    assert (ada.file["account"], len(ada.file["questions"])) == (None, 1)


@pytest.mark.parametrize("asked_at", ["", "soon", "²"])
async def test_a_forged_confirmation_erases_nothing(ada: Conversation, asked_at: str) -> None:
    await ada.link()
    [shown] = await ada.say("/connects")

    [asked] = await ada.press_data(shown, f"d:erase:{asked_at}")

    assert "Erase everything I keep of you?" in asked.text


@pytest.mark.parametrize("hours", [-1, 24])
async def test_a_confirmation_of_an_earlier_request_erases_nothing(
    ada: Conversation, hours: int
) -> None:
    [shown] = await ada.say("/connects")
    at = ada.scene.clock.moment + timedelta(hours=hours)

    [asked] = await ada.press_data(shown, f"d:erase:{int(at.timestamp())}")

    assert "Erase everything I keep of you?" in asked.text


async def test_the_privacy_message_states_retention_times_and_offers_export_and_erasure(
    ada: Conversation,
) -> None:
    [shown] = await ada.say("/privacy")
    await ada.press("Send me my data")
    asked = await ada.press("Erase my data")

    assert "After 3 days I forget whose they were" in shown.text
    assert "how they ended. 30 days." in shown.text
    assert "without codes or full numbers. 400 days." in shown.text
    assert "calls and wrong codes, for 24 hours;" in shown.text
    assert "that a number you verified is your account's, for 90 days;" in shown.text
    assert ada.file["account"] is None
    assert "Erase everything I keep of you?" in asked[0].text


@pytest.mark.parametrize("command", ["/privacy", "/export", "/forget", "/nudges"])
async def test_privacy_commands_in_a_group_reveal_nothing(scene: Scene, command: str) -> None:
    group = scene.person(1001, chat=-100500)

    [shown] = await group.say(command)

    assert "Let's do that in private" in shown.text
