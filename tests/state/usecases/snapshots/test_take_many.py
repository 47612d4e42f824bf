"""Many readings at once leave what they leave one by one, in every kind of store."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.model.account import Account, FreelancerId
from state.model.chat import Chat, ChatId
from state.model.work import ShowProgress, TellMarketplace
from state.ports import Transact, UnitOfWork
from state.store.database import Database
from state.usecases.snapshots.take import Older, TakeSnapshot
from state.usecases.snapshots.take_many import TakeSnapshots
from tests.state.usecases.desk import PEPPERS, REACH
from tests.support.builders import NUMBER, a_profile, an_account, policy
from tests.support.fakes import START, FakeClock, InMemoryDatabase

HOUR = timedelta(hours=1)
NAMES = [FreelancerId(f"f-{number}") for number in range(4)]
LINKED = NAMES[0]
NUMBERS = (None, NUMBER, "+12025550123", "ask my agent")

readings = st.builds(
    lambda name, hour, full, meter, number: an_account(
        id=name,
        as_of=START + hour * HOUR,
        profile=a_profile() if full else {},
        completeness=meter,
        phone=number,
    ),
    st.sampled_from(NAMES),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([None, 72.0, 80.0]),
    st.sampled_from(NUMBERS),
)


async def at_once(transact: Transact, accounts: Sequence[Account]) -> int:
    async def work(unit: UnitOfWork) -> int:
        take = TakeSnapshots(
            unit=unit, policy=policy(), clock=FakeClock(), peppers=PEPPERS, callable_numbers=REACH
        )
        return await take(accounts)

    return await transact(work)


async def one_by_one(transact: Transact, accounts: Sequence[Account]) -> int:
    async def work(unit: UnitOfWork) -> int:
        take = TakeSnapshot(
            unit=unit, policy=policy(), clock=FakeClock(), peppers=PEPPERS, callable_numbers=REACH
        )
        taken = [await take(account, quietly=True) for account in accounts]
        return sum(not isinstance(each, Older) for each in taken)

    return await transact(work)


async def link(transact: Transact) -> None:
    chat = Chat(id=ChatId(1), freelancer_id=LINKED, linked_at=START)
    await transact(lambda unit: unit.chats.save(chat))


@given(st.lists(st.lists(readings, max_size=6), min_size=1, max_size=4))
async def test_a_bulk_import_has_the_same_result_as_single_snapshots(
    batches: list[list[Account]],
) -> None:
    ours, theirs = InMemoryDatabase(), InMemoryDatabase()
    await link(ours.transact)
    await link(theirs.transact)

    counts = [await at_once(ours.transact, batch) for batch in batches]
    expected = [await one_by_one(theirs.transact, batch) for batch in batches]

    assert counts == expected
    assert ours.tables == theirs.tables


MOMENT = timedelta(milliseconds=1)
BATCHES = [
    [
        an_account(id=NAMES[0], profile=a_profile(), phone=NUMBER),
        an_account(id=NAMES[1], completeness=80.0, phone=NUMBER),
        an_account(id=NAMES[2], phone="ask my agent"),
    ],
    [
        an_account(id=NAMES[0], as_of=START + HOUR, phone="+12025550123", phone_verified=True),
        an_account(id=NAMES[1], as_of=START, completeness=10.0),
        an_account(id=NAMES[2], as_of=START + MOMENT, phone="+12025550123"),
        an_account(id=NAMES[2], as_of=START + MOMENT, completeness=99.0),
        an_account(id=NAMES[3], profile=a_profile()),
    ],
]


async def known(transact: Transact, name: FreelancerId) -> object:
    async def work(unit: UnitOfWork) -> object:
        return (
            await unit.accounts.get(name),
            set(await unit.accounts.completions(name)),
            await unit.numbers.current(name),
        )

    return await transact(work)


async def test_a_bulk_import_into_a_real_database_has_the_same_result(database: Database) -> None:
    memory = InMemoryDatabase()
    counts = [await at_once(database.transact, batch) for batch in BATCHES]
    expected = [await one_by_one(memory.transact, batch) for batch in BATCHES]

    assert counts == expected == [3, 3]
    assert [await known(database.transact, name) for name in NAMES] == [
        await known(memory.transact, name) for name in NAMES
    ]


async def test_a_difference_below_a_millisecond_makes_no_snapshot_newer(
    database: Database,
) -> None:
    moments = [START + timedelta(microseconds=each) for each in (1500, 1900, 2000)]

    counts = [
        await at_once(database.transact, [an_account(id=LINKED, as_of=moment)])
        for moment in moments
    ]

    assert counts == [1, 0, 1]


async def test_linked_chats_are_shown_the_completed_steps() -> None:
    memory = InMemoryDatabase()
    await link(memory.transact)

    await at_once(memory.transact, [an_account(id=LINKED, profile=a_profile())])

    [entry] = memory.tables.outbox.values()
    assert entry.row.task == ShowProgress(freelancer_id=LINKED, opened=("basic_profile",))


@pytest.mark.parametrize("name", [LINKED, NAMES[1]])
async def test_imported_data_is_not_reported_back_to_the_marketplace(name: FreelancerId) -> None:
    memory = InMemoryDatabase()
    await link(memory.transact)

    await at_once(memory.transact, [an_account(id=name, profile=a_profile())])

    tasks = [entry.row.task for entry in memory.tables.outbox.values()]
    assert [task for task in tasks if isinstance(task, TellMarketplace)] == []


async def test_an_empty_import_does_nothing() -> None:
    assert await at_once(InMemoryDatabase().transact, []) == 0
