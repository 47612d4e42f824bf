"""Groups of what was asked in vain, on every database."""

from dataclasses import replace
from datetime import timedelta

from state.model.question import MissedGroup
from tests.state.store.desk import Desk
from tests.support.fakes import START

DAY = timedelta(days=1)
GROUP = MissedGroup(
    key="k1",
    language="en",
    words="Dark mode?",
    how={"nothing": 2, "not helpful": 1},
    first_at=START,
    last_at=START + DAY,
)
SMALL = replace(GROUP, key="k2", how={"nothing": 1}, last_at=START)
NEWER = replace(SMALL, key="k3", last_at=START + 2 * DAY)


async def put(desk: Desk, *groups: MissedGroup) -> None:
    await desk.transact(lambda unit: unit.missed_groups.put(groups))


async def test_groups_are_found_by_their_keys(desk: Desk, onlooker: Desk) -> None:
    await put(desk, GROUP, SMALL)

    found = await onlooker.transact(lambda unit: unit.missed_groups.find(["k1", "none"]))

    assert found == {"k1": GROUP}


async def test_a_group_replaces_its_former_state(desk: Desk, onlooker: Desk) -> None:
    grown = replace(GROUP, how={"nothing": 9}, last_at=START + 3 * DAY)
    await put(desk, GROUP)
    await put(desk, grown)

    assert await onlooker.transact(lambda unit: unit.missed_groups.since(START, limit=9)) == [
        grown
    ]


async def test_groups_are_sorted_by_size_then_by_time(desk: Desk, onlooker: Desk) -> None:
    await put(desk, SMALL, GROUP, NEWER)

    found = await onlooker.transact(lambda unit: unit.missed_groups.since(START, limit=9))
    recent = await onlooker.transact(lambda unit: unit.missed_groups.since(START + DAY, limit=1))

    assert (found, recent) == ([GROUP, NEWER, SMALL], [GROUP])


async def test_only_the_given_number_of_groups_is_kept(desk: Desk, onlooker: Desk) -> None:
    await put(desk, SMALL, GROUP, NEWER)
    await desk.transact(lambda unit: unit.missed_groups.keep_largest(2))

    left = await onlooker.transact(lambda unit: unit.missed_groups.since(START, limit=9))

    assert left == [GROUP, NEWER]
