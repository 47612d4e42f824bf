"""/connects where the marketplace can be asked: at once the last reading, then what came of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from bot.presentation.telegram_html import plain
from state.model.account import FreelancerId
from state.model.work import Queue
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, Conversation, Scene
from tests.support.fakes import FakeClock
from tests.support.marketplace import TOKEN, Service, api_of, serving
from tests.support.scenes import opened_scene


class Pulling(NamedTuple):
    scene: Scene
    ada: Conversation
    service: Service


@pytest_asyncio.fixture
async def pulling(database_url: str, tmp_path: Path) -> AsyncIterator[Pulling]:
    clock = FakeClock()
    async with (
        serving() as service,
        api_of(service, clock) as api,
        opened_scene(
            database_url,
            folder=tmp_path,
            marketplace=api,
            platform_url=service.url,
            platform_token=TOKEN,
        ) as scene,
    ):
        yield Pulling(scene, scene.person(ADA), service)


async def test_a_fresh_snapshot_is_shown_without_a_pull(pulling: Pulling) -> None:
    _, ada, service = pulling
    await ada.link()

    [shown] = await ada.say("/connects")

    assert "Account read 23 Nov 2026, 12:00 UTC." in shown.text
    assert service.asked == []


async def test_a_snapshot_dated_tomorrow_does_not_count_as_fresh(pulling: Pulling) -> None:
    scene, ada, service = pulling
    await ada.link()
    tomorrow = scene.clock.now() + timedelta(days=1)
    await scene.push(a_snapshot(ADA, tomorrow))

    await ada.say("/connects")

    assert service.asked == ["/freelancers/f-1001"]


async def test_an_old_snapshot_is_pulled_again_and_the_message_edited(pulling: Pulling) -> None:
    scene, ada, service = pulling
    await ada.link()
    scene.clock.forward(hours=1)
    service.accounts["f-1001"] = a_snapshot(ADA, scene.clock.now(), completeness=75)

    [shown] = await ada.say("/connects")

    assert "Your meter reads 75%" in shown.text
    assert "Account read 23 Nov 2026, 13:00 UTC." in shown.text
    assert service.asked == ["/freelancers/f-1001"]


async def test_during_a_pull_the_last_snapshot_is_shown_with_its_time(pulling: Pulling) -> None:
    scene, ada, service = pulling
    await ada.link()
    scene.clock.forward(hours=1)
    service.accounts["f-1001"] = a_snapshot(ADA, scene.clock.now(), completeness=75)

    await ada.say("/connects")

    texts = [plain(str(parameters.get("text"))) for _, parameters in scene.telegram.calls]
    first, last = (text for text in texts if "Account read" in text)
    assert "Account read 23 Nov 2026, 12:00 UTC." in first
    assert "I've asked for a newer reading." in first
    assert "I've asked for a newer reading." not in last


async def test_read_again_pulls_even_after_a_fresh_snapshot(pulling: Pulling) -> None:
    scene, ada, service = pulling
    await ada.link()
    [shown] = await ada.say("/connects")
    scene.clock.forward(seconds=10)
    service.accounts["f-1001"] = a_snapshot(ADA, scene.clock.now(), completeness=80)

    await ada.press("Read again")

    assert shown.text.startswith("20 of 40 Connects a month")
    told = [one.text for one in ada.messages if "completeness: done." in one.text]
    assert told == ["80% profile completeness: done. +10 Connects a month: 20 of 40."]


async def test_a_pull_without_news_removes_the_notice(pulling: Pulling) -> None:
    scene, ada, service = pulling
    await ada.link()
    service.accounts["f-1001"] = a_snapshot(ADA)
    scene.clock.forward(hours=1)

    [shown] = await ada.say("/connects")

    assert "Account read 23 Nov 2026, 12:00 UTC." in shown.text
    assert "I've asked for a newer reading." not in shown.text


# ---------------------------------------------------------------- the four answers


async def test_an_unlinked_chat_pulls_nothing(pulling: Pulling) -> None:
    _, ada, service = pulling

    [shown] = await ada.say("/connects")

    assert "I don't know your account yet" in shown.text
    assert service.asked == []


async def test_a_freelancer_unknown_to_the_marketplace_is_reported(pulling: Pulling) -> None:
    scene, ada, _ = pulling
    await ada.link()
    scene.clock.forward(hours=1)

    [shown] = await ada.say("/connects")

    assert shown.text.startswith("The marketplace doesn't know this account")
    assert shown.labels == ["Talk to a person"]


@pytest.mark.parametrize("how", ["500", "hangs", "{", "403"])
async def test_an_unreachable_marketplace_shows_the_last_snapshot_with_its_time(
    pulling: Pulling, how: str
) -> None:
    scene, ada, service = pulling
    await ada.link()
    scene.clock.forward(hours=1)
    service.how = how

    [shown] = await ada.say("/connects")

    assert shown.text.startswith("10 of 40 Connects a month")
    assert "Account read 23 Nov 2026, 12:00 UTC." in shown.text
    assert "The marketplace can't be reached right now" in shown.text


async def test_an_unreachable_marketplace_without_a_snapshot_is_reported(pulling: Pulling) -> None:
    _, ada, service = pulling
    await ada.accept_link("f-1001")
    service.how = "500"

    [shown] = await ada.say("/connects")

    assert shown.text.startswith("I don't know yet where you stand")
    assert "can't be reached right now, and I have no earlier reading" in shown.text


async def test_without_snapshot_and_pulls_the_account_is_shown_as_unread(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        ada = scene.person(ADA)
        await ada.accept_link("f-1001")

        [shown] = await ada.say("/connects")

    assert shown.text.startswith("I don't know yet where you stand")
    assert "The marketplace hasn't told me about your account" in shown.text


async def test_the_first_snapshot_comes_by_a_pull(pulling: Pulling) -> None:
    _, ada, service = pulling
    await ada.accept_link("f-1001")
    service.accounts["f-1001"] = a_snapshot(ADA)

    [shown, *_] = await ada.say("/connects")

    assert shown.text.startswith("10 of 40 Connects a month")


# ---------------------------------------------------------------- what must not happen


async def test_repeated_presses_do_not_repeat_the_pull(pulling: Pulling) -> None:
    scene, ada, service = pulling
    await ada.link()
    service.accounts["f-1001"] = a_snapshot(ADA)
    await ada.say("/connects")

    for _ in range(4):
        await ada.press("Read again")
        scene.clock.forward(seconds=1)
    at_first = len(service.asked)
    scene.clock.forward(seconds=5)
    await ada.press("Read again")

    assert (at_first, len(service.asked)) == (1, 2)


async def test_the_turn_does_not_wait_for_the_marketplace(pulling: Pulling) -> None:
    """The answer is committed before the service is asked at all."""
    scene, ada, service = pulling
    await ada.link()
    scene.clock.forward(hours=1)
    service.how = "hangs"
    door = scene.parts.desk.database
    update = {"message": ada._message(text="/connects")}
    await scene.parts.intake.take([{"update_id": 900, **update}])

    await scene.parts.turns.run(list(await door.inbox_queue.waiting_lanes()))

    due = await door.outbox_queue.due(scene.clock.now(), limit=9, busy_lanes=(), queue=Queue.PULLS)
    assert len(due) == 1
    assert service.asked == []


async def test_a_pull_finished_after_unlinking_is_shown_to_nobody(pulling: Pulling) -> None:
    scene, ada, _ = pulling
    await ada.link()
    scene.clock.forward(hours=1)
    await ada.say("/connects")
    count = len(ada.messages)
    desk = scene.parts.desk
    await desk.database.transact(
        lambda unit: desk.use_cases(unit).ask_for_reading(FreelancerId("f-1001"), again=True)
    )

    await ada.say("/unlink")

    assert len(ada.messages) == count + 1
