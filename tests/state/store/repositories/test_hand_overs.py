"""How often somebody asked for a person is kept by a key, for an hour."""

from datetime import timedelta

from state.model.chat import ChatId
from state.ports import UnitOfWork
from state.rules.tickets import COUNT_FOR, asker_key
from state.usecases.retention import Sweep
from tests.state.store.desk import Desk
from tests.state.usecases.talking import PEPPERS
from tests.support.builders import policy
from tests.support.fakes import START, FakeClock

MINUTE = timedelta(minutes=1)


async def ask(desk: Desk, asker: str, *minutes: int) -> None:
    async def work(unit: UnitOfWork) -> None:
        for one in minutes:
            await unit.hand_overs.add(asker, START + one * MINUTE)

    await desk.transact(work)


async def test_the_hand_over_that_reached_the_limit_is_found(desk: Desk, onlooker: Desk) -> None:
    await ask(desk, "ada", 1, 5, 3)
    await ask(desk, "ben", 9)

    found = [
        await onlooker.transact(
            lambda unit, count=count: unit.hand_overs.latest("ada", count, START)  # type: ignore[misc]
        )
        for count in (1, 2, 3, 4)
    ]

    assert found == [START + 5 * MINUTE, START + 3 * MINUTE, START + MINUTE, None]


async def test_older_hand_overs_do_not_count(desk: Desk, onlooker: Desk) -> None:
    await ask(desk, "ada", 1, 5)

    found = await onlooker.transact(lambda unit: unit.hand_overs.latest("ada", 2, START + MINUTE))

    assert found is None


async def test_hand_overs_are_deleted_after_an_hour(desk: Desk, onlooker: Desk) -> None:
    await ask(desk, "ada", 0, 1)
    clock = FakeClock(START + COUNT_FOR)

    await desk.transact(lambda unit: Sweep(unit=unit, policy=policy(), clock=clock)())

    counts = [
        await onlooker.transact(
            lambda unit, count=count: unit.hand_overs.latest(  # type: ignore[misc]
                "ada", count, START - MINUTE
            )
        )
        for count in (1, 2)
    ]
    assert counts == [START + MINUTE, None]


def test_the_key_is_anonymous_and_differs_by_chat() -> None:
    keys = {asker_key(PEPPERS, ChatId(number)) for number in (7, 8)}

    assert len(keys) == 2
    assert all(len(key) == 64 for key in keys)
