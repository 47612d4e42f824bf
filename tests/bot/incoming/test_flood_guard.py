"""A flood is turned away before it costs anything; nobody is kept from a person by it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.incoming.flood_guard import Activity, FloodGuard, kind_of
from state.store.tables import metadata
from state.usecases.retention import plan_sweep
from tests.faults.ledger import Ledger
from tests.support.chat import ADA, BEN, Scene
from tests.support.fakes import FakeClock
from tests.support.scenes import opened_scene

STAFF = -100


def said(text: str, person: int = ADA, *, chat: int | None = None, **more: Any) -> dict[str, Any]:
    message = {"from": {"id": person, "language_code": "de"}, "chat": {"id": chat or person}}
    return {"update_id": 1, "message": {**message, "text": text, **more}}


def pressed(person: int = ADA) -> dict[str, Any]:
    return {"update_id": 1, "callback_query": {"id": "7", "from": {"id": person}}}


@dataclass(slots=True, kw_only=True)
class Gate:
    person: int = 3
    desk: int = 0
    clock: FakeClock = field(default_factory=FakeClock)
    guard: FloodGuard = field(init=False)

    def __post_init__(self) -> None:
        self.guard = FloodGuard(
            self.clock, person=self.person, desk=self.desk, unlimited_chat=STAFF
        )

    def heard(self, *updates: dict[str, Any]) -> int:
        return sum(not self.guard.take(update) for update in updates)

    @property
    def told(self) -> list[tuple[int, float]]:
        """Who was told, and how many seconds of deafness."""
        notices = [self.guard.notices.get_nowait() for _ in range(self.guard.notices.qsize())]
        return [(one.chat_id, (one.until - self.clock.now()).total_seconds()) for one in notices]


def test_a_person_over_the_limit_is_told_once_and_heard_again_after_a_minute() -> None:
    gate = Gate()

    first = gate.heard(*[said("hello")] * 10)
    told = gate.told
    gate.clock.forward(seconds=59)
    meanwhile = gate.heard(said("hello"))
    gate.clock.forward(seconds=1)

    assert (first, told, meanwhile) == (3, [(ADA, 60)], 0)
    assert gate.told == []
    assert gate.heard(*[said("hello")] * 10) == 3


def test_another_persons_flood_does_not_limit_me() -> None:
    gate = Gate()

    gate.heard(*[said("hello")] * 10)

    assert gate.heard(said("hello", BEN)) == 1


@pytest.mark.parametrize(
    "update",
    [said("/human"), pressed(), said("", contact={"phone_number": "1"}), said("+44 7911 123456")],
    ids=["a command", "a press", "a contact", "a number"],
)
def test_staff_and_verification_stay_reachable_during_a_flood(update: dict[str, Any]) -> None:
    gate = Gate()
    gate.heard(*[said("hello")] * 10)

    assert gate.heard(update) == 1


def test_button_presses_are_limited_too() -> None:
    gate = Gate()

    assert gate.heard(*[pressed()] * 20) == 9


def test_with_too_many_senders_only_words_and_greetings_are_dropped() -> None:
    gate = Gate(desk=5)
    crowd = [said("/start", person) for person in range(2000, 2100)]

    heard = gate.heard(*crowd)

    assert heard == 5
    assert gate.heard(said("hello")) == 0
    assert gate.heard(said("/verify"), pressed()) == 2
    gate.clock.forward(seconds=60)
    assert gate.heard(said("hello")) == 1


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("x" * 100, 12),
        ("x" * 101, 6),
        ("word " * 120, 2),
        ("word " * 800, 2),  # no more than 600 characters are read
        ("7 " * 2000, 6),  # as what may be a number, three times as many
        ("/verify " + "x" * 4000, 36),  # a command is not read
    ],
)
def test_a_long_text_counts_several_times(text: str, heard: int) -> None:
    gate = Gate(person=12)

    assert gate.heard(*[said(text)] * 50) == heard


def test_long_texts_count_several_times_for_the_total_limit() -> None:
    gate = Gate(person=0, desk=12)

    assert gate.heard(*[said("word " * 120, person) for person in range(2000, 2050)]) == 2


def test_a_swarm_of_senders_gets_only_a_few_notices() -> None:
    gate = Gate(desk=5)

    gate.heard(*[said("/start", person) for person in range(2000, 3000)])

    assert len(gate.told) == 5


def test_the_staff_group_is_not_limited_and_groups_get_no_notice() -> None:
    gate = Gate()

    assert gate.heard(*[said("hello", chat=STAFF)] * 10) == 10
    assert gate.heard(*[said("hello", chat=-5)] * 10) == 3
    assert gate.told == []


def test_without_limits_nothing_is_dropped() -> None:
    gate = Gate(person=0)

    assert gate.heard(*[said("hello")] * 1000) == 1000
    assert gate.guard.size == 0


@pytest.mark.parametrize("update", [{"my_chat_member": {"from": {"id": ADA}}}, {"message": {}}])
def test_updates_without_a_sender_pass(update: dict[str, Any]) -> None:
    gate = Gate()

    assert gate.heard(*[update] * 10) == 10


def test_senders_of_long_ago_use_no_memory() -> None:
    gate = Gate(person=1)

    for person in range(1000):
        gate.heard(*[said("hello", person)] * 2)
        gate.clock.forward(seconds=1)

    assert gate.guard.size <= 122


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("/start", Activity.GREETING),
        ("/start abc", Activity.ACT),
        ("123 456", Activity.ACT),
        ("what does form 1099123 mean", Activity.WORDS),
        ("hello", Activity.WORDS),
    ],
)
def test_actions_are_distinguished_from_words(text: str, kind: Activity) -> None:
    assert kind_of({"text": text}) is kind


async def test_a_flood_gets_one_notice_in_order_and_leaves_one_row(
    database_url: str, tmp_path: Path
) -> None:
    async with opened_scene(database_url, folder=tmp_path, read_rate_person=3) as scene:
        ada = scene.person()
        for _ in range(3):
            await ada.say("hello")
        for _ in range(50):
            await ada.say("hello?")
        await scene.parts.flood_notices.tell(await scene.parts.flood_notices.next())
        await scene.settle()
        flooded = len(ada.messages)
        [person] = await ada.say("/human")

        assert flooded == 4
        assert ada.messages[3].text.startswith("You write faster than I can read.")
        assert person.text.startswith("Your request is kept for the people of this desk")
        assert await Ledger(scene.parts.desk.database).updates() == 4


async def test_a_swarm_of_greetings_leaves_no_rows(database_url: str, tmp_path: Path) -> None:
    async with opened_scene(database_url, folder=tmp_path, send_rate=0) as scene:
        for stranger in range(5_000, 5_030):
            await scene.person(stranger).say("/start")
        during = await rows(scene)
        scene.clock.forward(hours=24 * 4)
        database = scene.parts.desk.database
        await database.transact(lambda unit: plan_sweep(unit, scene.clock.now()))
        await scene.settle()

        assert set(during) == {"inbox", "outbox"}
        assert await rows(scene) == {"outbox": 2}  # of the sweep itself, and of the next one


async def rows(scene: Scene) -> dict[str, int]:
    """How many there are, by table, where there are any."""
    counted = {}
    async with scene.parts.desk.database.connections.reading() as transaction:
        for table in metadata.sorted_tables:
            counted[table.name] = await transaction.value(select(func.count()).select_from(table))
    return {name: count for name, count in counted.items() if count}
