"""Who is erased leaves nothing behind but what a lock needs."""

from pathlib import Path

import pytest
from sqlalchemy import select

from state.store.tables import metadata
from tests.support.builders import a_snapshot
from tests.support.chat import API_TOKEN, Conversation, Scene
from tests.support.traces import (
    QUESTION,
    WORDS,
    everything_kept,
    facts_of,
    forget,
    found_in,
    live_a_little,
)

BEARER = {"Authorization": f"Bearer {API_TOKEN}"}
NAMELESS = {
    "audit_event",
    "inbox",
    "outbox",
    "provider_event",
    "verification_ledger",
    "number_binding",
    "link_guess",
    "hand_over",
}
"""What stays: that somebody was erased, ids of updates and events, what locks and limits need."""
TALKS = {"ticket_note", "topic", "ban"}
"""There only where the staff did something."""
LATER = {"number_binding", "missed_group"}
"""There when a number was verified, or questions are old."""
OF_STAFF = {"staff_member", "sign_in_link", "visit"}


@pytest.fixture
def journey_url(database_url: str) -> str:
    return database_url


async def tables_with_rows(scene: Scene) -> set[str]:
    async with scene.parts.desk.database.connections.reading() as transaction:
        return {
            table.name
            for table in metadata.sorted_tables
            if await transaction.first(select(table).limit(1)) is not None
        }


async def test_after_an_erasure_the_database_holds_nothing_of_the_person(
    scene: Scene, ada: Conversation, tmp_path: Path
) -> None:
    await live_a_little(scene, ada)
    before = found_in(await everything_kept(scene, tmp_path), ada)

    await forget(ada)
    await scene.settle()

    assert before == facts_of(ada)
    assert "Erased." in ada.last.text
    assert found_in(await everything_kept(scene, tmp_path), ada) == []


async def test_the_erasure_empties_all_tables_that_name_the_person(
    scene: Scene, ada: Conversation
) -> None:
    """Whoever adds a table has it filled here, and emptied: else it may keep the erased."""
    await live_a_little(scene, ada)
    await ada.say("/start WRNG-CDES")
    before = await tables_with_rows(scene)

    await forget(ada)
    await scene.settle()

    assert before == set(metadata.tables) - TALKS - OF_STAFF - LATER
    assert await tables_with_rows(scene) <= NAMELESS


async def test_an_erasure_leaves_other_peoples_data_unchanged(
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


async def test_an_erasure_during_a_call_ends_it_and_removes_the_code_from_the_chat(
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


async def test_the_marketplace_can_erase_a_person_who_blocked_the_bot(
    scene: Scene, ada: Conversation, tmp_path: Path
) -> None:
    await live_a_little(scene, ada)
    await ada.block()

    answer = await scene.door.delete("/api/v1/freelancers/f-1001", headers=BEARER)
    await scene.settle()

    assert answer.status in {200, 204}
    assert found_in(await everything_kept(scene, tmp_path), ada) == []
    assert await scene.stored_chat(ada) is None


async def test_a_lock_survives_the_erasure(scene: Scene, ada: Conversation) -> None:
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


async def test_an_erased_freelancer_is_known_again_after_a_new_snapshot(
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
