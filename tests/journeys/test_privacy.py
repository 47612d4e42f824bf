"""What is kept of a person is told, handed over, and erased until nothing of it is found."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from state.store.tables import metadata
from tests.builders import a_snapshot
from tests.chat import API_TOKEN, Conversation, Scene

NAME = "Adalheidis"
NUMBER = "+12025550123"
EDITED = "+12025550178"
WORDS = "Schnabeltier"
BEARER = {"Authorization": f"Bearer {API_TOKEN}"}
PUZZLE = "Wolpertinger"
NAMELESS = {"audit_event", "inbox", "outbox", "provider_event", "number_lock", "link_guess"}
"""What stays: that somebody was erased, ids of updates and events, and what a lock needs."""
QUESTION = f"my {WORDS} ate the tagline, what now?"


@pytest.fixture
def journey_url(database_url: str) -> str:
    return database_url


async def everything_kept(scene: Scene, folder: Path) -> str:
    """All rows of all tables; of SQLite also its files, down to the free pages and the log."""
    raw = files_in(folder)
    async with scene.parts.desk.database.connections.reading() as transaction:
        rows = [
            str(row._asdict())
            for table in metadata.sorted_tables
            for row in await transaction.all(select(table))
        ]
    return raw + "\n".join(rows)


def files_in(folder: Path) -> str:
    files = folder.glob("helpdesk.db*")
    return "".join(file.read_bytes().decode("utf-8", "replace") for file in files)


async def live_a_little(scene: Scene, ada: Conversation) -> None:
    """Enough that every table knows of Ada: a call with a wrong code, questions, reminders.

    And an update that nobody understands, which is kept for a person to look at.
    """
    await scene.receive({"message": {"chat": {"id": ada.chat}, "text": f"{WORDS}, {PUZZLE}"}})
    await ada.link(display_name=NAME, timezone="Europe/Berlin")
    await ada.say("/connects")
    await ada.press("Remind me once a week")
    await ada.press("Yes, once a week")
    await ada.say(QUESTION)
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.report("completed")
    await scene.wait(seconds=5)
    await ada.press("Use another number")
    await ada.say(EDITED)
    await scene.wait(minutes=2)


async def forget(ada: Conversation) -> None:
    await ada.say("/forget")
    await ada.press("Yes, erase everything")


def found_in(kept: str, ada: Conversation) -> list[str]:
    return [fact for fact in facts_of(ada) if fact in kept]


def facts_of(ada: Conversation) -> list[str]:
    chat = (f"chat:{ada.chat}", f"'chat_id': {ada.chat},")
    return [NAME, NUMBER, EDITED, WORDS, PUZZLE, "f-1001", "Europe/Berlin", *chat]


async def test_after_an_erasure_nothing_of_the_person_is_found_in_the_database(
    scene: Scene, ada: Conversation, tmp_path: Path
) -> None:
    await live_a_little(scene, ada)
    before = found_in(await everything_kept(scene, tmp_path), ada)

    await forget(ada)
    await scene.settle()

    assert before == facts_of(ada)
    assert "Erased." in ada.last.text
    assert found_in(await everything_kept(scene, tmp_path), ada) == []


async def tables_with_rows(scene: Scene) -> set[str]:
    async with scene.parts.desk.database.connections.reading() as transaction:
        return {
            table.name
            for table in metadata.sorted_tables
            if await transaction.first(select(table).limit(1)) is not None
        }


async def test_the_story_fills_every_table_and_the_erasure_empties_all_that_name_somebody(
    scene: Scene, ada: Conversation
) -> None:
    """Whoever adds a table has it filled here, and emptied: else it may keep the erased."""
    await live_a_little(scene, ada)
    await ada.say("/start WRNG-CDES")
    before = await tables_with_rows(scene)

    await forget(ada)
    await scene.settle()

    assert before == set(metadata.tables) - {"number_lock"}  # there only where one is locked
    assert await tables_with_rows(scene) <= NAMELESS


async def test_an_erasure_leaves_everybody_else_as_they_were(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    await ben.link(phone="+12025550199", display_name="Ben")
    await scene.push(a_snapshot(10010, phone="+12025550144"))

    await forget(ada)

    [progress] = await ben.say("/connects")
    assert "10 of 40" in progress.text
    assert await known(scene, "f-10010")


async def known(scene: Scene, freelancer: str) -> bool:
    answer = await scene.door.get(
        f"/api/v1/freelancers/{freelancer}/progress",
        headers=BEARER,
    )
    return answer.status == 200


async def test_an_erasure_during_a_call_ends_it_and_takes_the_code_from_the_chat(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    code = ada.code

    await forget(ada)

    assert f"{code[:3]} {code[3:]}" not in ada.text
    assert "The call is cancelled, and what I kept of it is erased." in ada.text
    assert scene.provider.hung_up == [phone.sid]


async def test_the_marketplace_can_have_somebody_erased_who_blocked_the_bot(
    scene: Scene, ada: Conversation, tmp_path: Path
) -> None:
    await live_a_little(scene, ada)
    await ada.block()

    answer = await scene.door.delete("/api/v1/freelancers/f-1001", headers=BEARER)
    await scene.settle()

    assert answer.status in {200, 204}
    assert found_in(await everything_kept(scene, tmp_path), ada) == []
    assert await scene.stored_chat(ada) is None


async def test_a_lock_outlives_the_erasure(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)

    await forget(ada)
    scene.clock.forward(hours=1)
    await ada.link()
    [shown] = await ada.say("/verify")

    assert "You can try again from" in shown.text


async def test_who_was_erased_is_known_again_when_the_marketplace_reports_them(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(completeness=95)
    await forget(ada)
    gone = await known(scene, "f-1001")
    [unlinked] = await ada.say("/connects")

    await ada.link(completeness=60)
    [progress] = await ada.say("/connects")

    assert not gone
    assert "I don't know your account yet" in unlinked.text
    assert "10 of 40" in progress.text


async def test_nothing_is_erased_unless_it_is_confirmed(ada: Conversation) -> None:
    await ada.link()
    [asked] = await ada.say("/forget")

    [kept] = await ada.press("No, keep it")
    [progress] = await ada.say("/connects")

    assert asked.labels == ["No, keep it", "Yes, erase everything"]
    assert kept.text == "Nothing was erased."
    assert "10 of 40" in progress.text


async def test_an_old_confirmation_asks_again(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    await ada.say("/forget")
    scene.clock.forward(minutes=10)

    [asked] = await ada.press("Yes, erase everything")
    [progress] = await ada.say("/connects")

    assert "Erase everything I keep of you?" in asked.text
    assert "10 of 40" in progress.text


async def test_a_chat_without_an_account_can_be_erased_too(
    scene: Scene, ada: Conversation, tmp_path: Path
) -> None:
    await ada.say(QUESTION)
    before = WORDS in await everything_kept(scene, tmp_path)

    await forget(ada)
    await scene.settle()

    kept = await everything_kept(scene, tmp_path)
    assert before
    assert found_in(kept, ada) == []


async def test_the_file_has_everything_and_no_secret(scene: Scene, ada: Conversation) -> None:
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

    return await scene.parts.desk.database.look(look)


async def test_the_file_of_a_chat_without_an_account_is_small(ada: Conversation) -> None:
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


async def test_privacy_is_told_in_numbers_and_leads_to_the_file_and_the_end(
    ada: Conversation,
) -> None:
    [shown] = await ada.say("/privacy")
    await ada.press("Send me my data")
    asked = await ada.press("Erase my data")

    assert "After 3 days I forget whose they were" in shown.text
    assert "how they ended. 30 days." in shown.text
    assert "without codes or full numbers. 400 days." in shown.text
    assert "when its wait ends, at most 24 hours after the last try" in shown.text
    assert ada.file["account"] is None
    assert "Erase everything I keep of you?" in asked[0].text


@pytest.mark.parametrize("command", ["/privacy", "/export", "/forget", "/nudges"])
async def test_in_a_group_nobody_s_data_is_spoken_of(scene: Scene, command: str) -> None:
    group = scene.person(1001, chat=-100500)

    [shown] = await group.say(command)

    assert "Let's do that in private" in shown.text
