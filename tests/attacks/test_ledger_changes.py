"""Nothing that is done to an account in mid-round gives attempts back (T68)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from state.store import tables
from tests.attacks.guessing import DAY, OWN, VICTIM, ask, cancel, guess, link_again
from tests.attacks.records import FREELANCER, kept
from tests.support.chat import API_TOKEN, BEN, Conversation, Scene
from tests.support.gateway import Gateway
from tests.support.scenes import changed_policy, opened_scene
from tests.support.traces import forget

Change = Callable[[Scene, Conversation], Awaitable[None]]


async def deleted_by_the_marketplace(scene: Scene, ada: Conversation) -> None:
    answer = await scene.door.delete(
        f"/api/v1/freelancers/{FREELANCER}", headers={"Authorization": f"Bearer {API_TOKEN}"}
    )
    assert answer.status in {200, 204}
    await scene.settle()
    await link_again(ada)


async def erased_by_an_operator(scene: Scene, ada: Conversation) -> None:
    desk = scene.parts.desk
    await desk.database.transact(lambda unit: desk.use_cases(unit).forget_freelancer(FREELANCER))
    await scene.settle()
    await link_again(ada)


async def unlinked(scene: Scene, ada: Conversation) -> None:
    await ada.say("/unlink")
    await ada.accept_link(FREELANCER)


async def cleared_by_staff(scene: Scene, ada: Conversation) -> None:
    desk = scene.parts.desk
    await desk.database.transact(
        lambda unit: desk.use_cases(unit).clear_verification(
            FREELANCER, reason="a mistake", actor="staff:eve"
        )
    )
    await scene.settle()


async def linked_to_another_chat(scene: Scene, ada: Conversation) -> None:
    other = scene.person(ada.person, chat=BEN)
    await other.accept_link(FREELANCER)
    await ada.accept_link(FREELANCER)


@pytest.mark.attack("T68")
@pytest.mark.parametrize(
    "change",
    [
        deleted_by_the_marketplace,
        erased_by_an_operator,
        unlinked,
        cleared_by_staff,
        linked_to_another_chat,
    ],
)
async def test_no_change_to_an_account_gives_attempts_back(
    scene: Scene, ada: Conversation, gateway: Gateway, change: Change
) -> None:
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    judged = await guess(ada, gateway, 2)
    await cancel(ada)

    await change(scene, ada)
    assert await ask(ada, gateway, VICTIM)
    judged += await guess(ada, gateway, 2)
    await change(scene, ada)

    assert judged == 3
    assert not await ask(ada, gateway, OWN)


@pytest.mark.attack("T68")
@pytest.mark.parametrize(
    ("values", "left"), [({"attempts": 2}, 0), ({"attempts": 5}, 3), ({"lock_hours": 48}, 1)]
)
async def test_wrong_codes_before_a_policy_change_still_count(
    database_url: str,
    tmp_path: Path,
    gateway: Gateway,
    values: dict[str, int | str],
    left: int,
) -> None:
    async with opened_scene(database_url, folder=tmp_path / "a", gateway=gateway) as scene:
        ada = scene.person()
        await ada.link(phone=VICTIM)
        await ask(ada, gateway, VICTIM)
        await guess(ada, gateway, 2)
        await cancel(ada)
        clock = scene.clock
    changed = changed_policy(tmp_path, **values)

    async with opened_scene(
        database_url, folder=tmp_path / "b", gateway=gateway, policy=changed, clock=clock
    ) as scene:
        scene.updates = 1_000  # update ids go on
        again = scene.person()
        asked = await ask(again, gateway, VICTIM)
        judged = await guess(again, gateway, 5) if asked else 0

    assert judged == left


@pytest.mark.attack("T68")
async def test_erasure_across_the_change_to_summer_time_shortens_no_lock(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    london = ZoneInfo("Europe/London")
    scene.clock.moment = datetime(2027, 3, 27, 13, 30, tzinfo=london).astimezone(UTC)
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    await guess(ada, gateway, 3)
    locked_at = scene.clock.now()
    await forget(ada)
    await link_again(ada)

    scene.clock.moment = locked_at + DAY - timedelta(minutes=1, milliseconds=1)
    early = await ask(ada, gateway, VICTIM)
    scene.clock.moment = locked_at + DAY - timedelta(minutes=1)

    assert not early
    assert await ask(ada, gateway, VICTIM)


async def test_the_ledger_holds_no_name_and_no_number(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=VICTIM)
    await ask(ada, gateway, VICTIM)
    await guess(ada, gateway, 1)
    await forget(ada)

    entries = await kept(scene, tables.verification_ledger)

    assert len(entries) == 2
    known = (FREELANCER, str(ada.chat), VICTIM[1:], VICTIM[1:-4])
    assert [word for word in known if word in str(entries)] == []
