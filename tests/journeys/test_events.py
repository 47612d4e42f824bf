"""What the marketplace is told: signed, in order, at least once, and never at a chat's expense."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest_asyncio
from standardwebhooks import Webhook

from bot.gateways.clock import SystemClock
from bot.gateways.marketplace.webhooks import WebhookSender
from bot.outgoing.worker import EVENTS_PATIENCE
from state.model.work import Queue
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, BEN, Conversation, Scene
from tests.support.fakes import START
from tests.support.marketplace import SECRET, Service, post_of, serving
from tests.support.scenes import opened_scene

CROWD = range(2001, 2009)
COMMAND = {"type": "bot_command", "offset": 0, "length": len("/unlink")}


class Telling(NamedTuple):
    scene: Scene
    ada: Conversation
    service: Service

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Types and data, of what their own library verifies."""
        verified = [Webhook(SECRET).verify(body, sent) for sent, body in self.service.events]
        return [(event["type"], event["data"]) for event in verified]


@pytest_asyncio.fixture
async def telling(database_url: str, tmp_path: Path) -> AsyncIterator[Telling]:
    async with (
        serving() as service,
        post_of(service, SystemClock()) as post,
        opened_scene(database_url, folder=tmp_path, post=post) as scene,
    ):
        yield Telling(scene, scene.person(ADA), service)


async def test_linking_and_unlinking_are_reported(telling: Telling) -> None:
    await telling.ada.accept_link("f-1001")
    await telling.ada.say("/unlink")

    assert telling.told() == [
        ("freelancer.linked", {"id": "f-1001"}),
        ("freelancer.unlinked", {"id": "f-1001"}),
    ]


async def test_moving_an_account_to_another_chat_reports_both(telling: Telling) -> None:
    await telling.ada.accept_link("f-1001")
    telling.service.events.clear()
    telling.scene.clock.forward(minutes=1)

    await telling.scene.person(BEN).accept_link("f-1001")

    assert [kind for kind, _ in telling.told()] == ["freelancer.unlinked", "freelancer.linked"]


async def test_a_verified_phone_is_reported_with_its_number_and_the_completed_step(
    telling: Telling,
) -> None:
    await telling.ada.link()
    telling.service.events.clear()

    phone = await telling.ada.be_called()
    await phone.to_code_step()
    await phone.key(telling.ada.code)

    assert telling.told() == [
        ("phone.verified", {"id": "f-1001", "phone": "+12025550123"}),
        ("step.completed", {"id": "f-1001", "step": "phone", "connects": 10}),
    ]


async def test_a_step_completed_by_a_snapshot_is_reported_once(telling: Telling) -> None:
    scene = telling.scene
    await scene.push(a_snapshot(ADA, completeness=85))
    scene.clock.forward(minutes=1)
    await scene.push(a_snapshot(ADA, scene.clock.now(), completeness=86))

    assert telling.told() == [
        ("step.completed", {"id": "f-1001", "step": step, "connects": 10})
        for step in ("basic_profile", "profile_80")
    ]


async def test_an_event_carries_the_time_of_its_cause(telling: Telling) -> None:
    telling.service.how, telling.service.failures = "500", 1

    await telling.ada.accept_link("f-1001")
    await telling.scene.wait(minutes=5)

    [(_, body)] = telling.service.events
    assert json.loads(body)["timestamp"] == "2026-11-23T12:00:00Z"


async def test_a_rejected_event_is_resent_with_the_same_id(telling: Telling) -> None:
    service = telling.service
    service.how, service.failures = "500", 2
    await telling.ada.accept_link("f-1001")
    tries = [len(service.events)]

    for _ in range(3):
        await telling.scene.wait(seconds=4)
        tries.append(len(service.events))

    assert tries == [0, 0, 1, 1]
    assert telling.told() == [("freelancer.linked", {"id": "f-1001"})]


async def test_a_lost_response_resends_the_event_under_the_same_id(telling: Telling) -> None:
    scene, service = telling.scene, telling.service
    service.how, service.failures = "500", 1
    await telling.ada.accept_link("f-1001")
    scene.clock.forward(minutes=5)
    [row] = await scene.parts.desk.database.outbox_queue.due(
        scene.clock.now(), limit=9, busy_lanes=(), queue=Queue.EVENTS
    )

    await scene.parts.outbox.deliver(row)
    await scene.parts.outbox.deliver(row)

    ids = [sent["webhook-id"] for sent, _ in service.events]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_each_event_has_its_own_id(telling: Telling) -> None:
    await telling.ada.accept_link("f-1001")
    await telling.ada.say("/unlink")
    telling.scene.clock.forward(minutes=1)
    await telling.ada.accept_link("f-1001")

    ids = [sent["webhook-id"] for sent, _ in telling.service.events]
    assert len(set(ids)) == len(ids) == 3


async def test_events_of_one_freelancer_keep_their_order_while_others_pass(
    telling: Telling,
) -> None:
    telling.service.how, telling.service.failures = "500", 1
    await telling.ada.accept_link("f-1001")
    await telling.ada.say("/unlink")
    await telling.scene.person(BEN).accept_link("f-1002")
    early = telling.told()

    await telling.scene.wait(seconds=2)

    assert early == [("freelancer.linked", {"id": "f-1002"})]
    assert telling.told()[1:] == [
        ("freelancer.linked", {"id": "f-1001"}),
        ("freelancer.unlinked", {"id": "f-1001"}),
    ]


async def test_after_three_days_an_event_is_given_up_and_stored_with_the_reason(
    telling: Telling,
) -> None:
    scene, door = telling.scene, telling.scene.parts.desk.database.outbox_queue
    telling.service.how = "500"
    await telling.ada.accept_link("f-1001")
    end = START + EVENTS_PATIENCE

    while scene.clock.now() < end:
        await scene.wait(hours=4)
    before = await door.losses(Queue.EVENTS)
    await scene.wait(hours=4)
    await scene.wait(hours=4)

    [lost] = await door.losses(Queue.EVENTS)
    assert before == []
    assert lost.reason == "tried for 3 days: freelancer.linked: the receiver answered 500"
    assert telling.service.events == []


async def test_a_hanging_receiver_delays_no_chat(database_url: str, tmp_path: Path) -> None:
    async with (
        serving() as service,
        WebhookSender(
            url=f"{service.url}/events", secret=SECRET, clock=SystemClock(), seconds=60
        ) as post,
        opened_scene(database_url, folder=tmp_path, post=post, send_rate=0) as scene,
    ):
        people = [scene.person(number) for number in CROWD]
        for each in people:
            await each.accept_link(f"f-{each.person}")
        service.how = "hangs"
        for each in people:
            update = {"message": each._message(text="/unlink", entities=[COMMAND])}
            await scene.parts.intake.take([{"update_id": each.person, **update}])
            await scene.parts.turns.run([f"chat:{each.person}"])

        async with asyncio.TaskGroup() as background, asyncio.timeout(10):
            carrying = background.create_task(scene.parts.outbox.run())
            for each in people:
                while "no longer sees" not in each.last.text:  # noqa: ASYNC110 - what is waited for is the other end's affair
                    await asyncio.sleep(0.01)
            carrying.cancel()

    assert len(service.events) == len(CROWD)


async def test_without_a_receiver_no_events_are_stored(sqlite_url: str, tmp_path: Path) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        await scene.person(ADA).accept_link("f-1001")
        later = await scene.parts.desk.database.outbox_queue.due(
            scene.clock.forward(hours=99), limit=9, busy_lanes=(), queue=Queue.EVENTS
        )

    assert later == []


async def test_a_delivered_event_leaves_no_personal_data(telling: Telling) -> None:
    await telling.ada.accept_link("f-1001")

    database = telling.scene.parts.desk.database
    async with database.connections.reading() as transaction:
        rows = await transaction.run_sync(
            lambda bound: bound.exec_driver_sql(
                "SELECT * FROM outbox WHERE queue = 'events'"
            ).all()
        )

    assert len(rows) == 1
    assert "f-1001" not in str(rows)
