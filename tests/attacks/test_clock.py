"""Clock steps, forwards and back: nothing unlocks early, and nobody is called meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.gateways.clock import SystemClock
from tests.attacks.conftest import STAFF
from tests.attacks.records import round_of
from tests.support.chat import ADA, Conversation, Scene
from tests.support.fakes import START, FakeClock
from tests.support.scenes import opened_scene

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class Machine(FakeClock):
    """A computer whose clock somebody may set, and whose ticks nobody can."""

    passed: timedelta = timedelta()
    off: timedelta = timedelta()
    clock: SystemClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = SystemClock(
            wall=lambda: START + self.passed + self.off,
            ticks=self._ticks,
        )

    def _ticks(self) -> float:
        return self.passed.total_seconds()

    def now(self) -> datetime:
        return self.clock.now()

    def is_steady(self) -> bool:
        return self.clock.is_steady()


@pytest.mark.attack("T10")
@pytest.mark.parametrize("off", [-2 * HOUR, 30 * HOUR, timedelta(minutes=5, seconds=1)], ids=str)
def test_a_step_of_the_system_clock_does_not_change_the_time(off: timedelta) -> None:
    machine = Machine()

    machine.off = off
    machine.passed = MINUTE
    stepped = (machine.now(), machine.is_steady())
    machine.off = timedelta()
    machine.passed = 2 * MINUTE

    assert stepped == (START + MINUTE, False)
    assert (machine.now(), machine.is_steady()) == (START + 2 * MINUTE, True)


@pytest.mark.attack("T10")
def test_small_corrections_by_a_time_server_are_followed_but_time_never_goes_back() -> None:
    machine = Machine()

    machine.off = 2 * MINUTE
    ahead = machine.now()
    machine.off = -2 * MINUTE
    back = machine.now()
    machine.passed = 5 * MINUTE

    assert (ahead, back) == (START + 2 * MINUTE, START + 2 * MINUTE)
    assert machine.now() == START + 3 * MINUTE
    assert machine.is_steady()


@pytest.mark.attack("T67")
@pytest.mark.parametrize("step", [timedelta(minutes=4, seconds=50), timedelta(seconds=30)])
@pytest.mark.parametrize("every", [timedelta(seconds=5), MINUTE, timedelta(minutes=2)], ids=str)
def test_repeated_clock_steps_move_time_by_at_most_five_minutes_an_hour(
    step: timedelta, every: timedelta
) -> None:
    machine = Machine()

    while machine.passed < HOUR:
        machine.passed += every
        machine.off += step
        machine.now()
    stepped = (machine.now(), machine.is_steady())
    machine.off = timedelta()
    machine.passed += MINUTE

    assert stepped[0] <= START + HOUR + timedelta(minutes=5)
    assert not stepped[1]
    assert machine.is_steady()


@pytest.mark.attack("T67")
async def test_repeated_clock_steps_end_no_lock(database_url: str, tmp_path: Path) -> None:
    machine = Machine()
    async with opened_scene(database_url, folder=tmp_path, clock=machine) as scene:
        ada = scene.person(ADA)
        await ada.link()
        phone = await ada.be_called()
        await phone.to_code_step()
        wrong = ada.wrong_code
        for _ in range(3):
            await phone.key(wrong)

        for _ in range(300):
            machine.passed += timedelta(seconds=1)
            machine.off += timedelta(minutes=4, seconds=50)
            machine.now()
        [refused] = await ada.say("/verify")

    assert refused.moments == [int((START + 24 * HOUR).timestamp())]
    assert machine.off > 24 * HOUR


@pytest.mark.attack("T10")
def test_events_recorded_before_the_start_are_in_the_past() -> None:
    machine = Machine()

    machine.clock.not_before(START + 2 * HOUR)
    machine.passed = MINUTE

    assert machine.now() == START + 2 * HOUR + MINUTE
    assert not machine.is_steady()


@pytest.mark.attack("T10")
async def test_a_lock_survives_clock_steps_and_no_call_is_placed_meanwhile(
    database_url: str, tmp_path: Path
) -> None:
    machine = Machine()
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=STAFF, clock=machine
    ) as scene:
        ada, ben, staff = scene.person(ADA), scene.person(1002), scene.person(ADA, chat=STAFF)
        await ada.link()
        await ben.link(phone="+12025550178")
        phone = await ada.be_called()
        await phone.to_code_step()
        wrong = ada.wrong_code
        await phone.key(wrong)
        await phone.key(wrong)
        await phone.key(wrong)
        locked = await round_of(scene)

        machine.off = -2 * HOUR
        [early] = await ada.say("/verify")
        machine.off = 30 * HOUR
        [late] = await ada.say("/verify")
        await ben.press_data(ben.last, "v:call")
        await ben.press_data(ben.last, "v:call")
        refused = ben.last.text
        machine.off = timedelta()
        machine.passed = MINUTE
        await ben.press_data(ben.last, "v:call")

        assert await round_of(scene) == locked
        assert early.moments == late.moments == [int((START + 24 * HOUR).timestamp())]
        assert "the people who run this desk have been told" in refused
        assert staff.text.count("This computer's clock was moved") == 1
        assert len(scene.provider.orders) == 2


@pytest.mark.attack("T09", "T10")
async def test_starting_with_a_slow_clock_continues_from_the_newest_record(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()

    newest = await scene.parts.desk.database.latest_event_at()

    assert newest == scene.clock.now()
