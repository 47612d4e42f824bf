"""Each race runs on both databases: on SQLite alone it would prove nothing."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest

from state.model.account import FreelancerId
from state.model.chat import Chat, ChatId
from state.model.ledger import LedgerKind
from state.model.verification import (
    CallSession,
    NumberKey,
    SessionId,
    Verification,
)
from state.model.work import Incoming
from state.ports import StaleStateError, UnitOfWork
from state.store.database import MOST_TRIES, Database
from tests.support.builders import (
    ADA,
    BEN,
    KEY,
    NUMBER,
    PERSON,
    a_destination,
    a_session,
    an_entry,
)
from tests.support.databases import opened
from tests.support.fakes import START
from tests.support.inbox import head_of

T = TypeVar("T")
LOCK = timedelta(hours=24)


async def all_at_once(
    works: Sequence[Callable[[UnitOfWork], Awaitable[T]]], *databases: Database
) -> Counter[T]:
    """Outcomes, counted; the works are dealt to the databases in turn, as to processes."""
    running = [
        databases[number % len(databases)].transact(work) for number, work in enumerate(works)
    ]
    return Counter(await asyncio.gather(*running))


def a_call(number: int, **changes: object) -> CallSession:
    fresh = a_session(id=SessionId(f"{number:032x}"))
    return replace(fresh, **changes)  # type: ignore[arg-type]  # named by the tests below


async def enter_wrong_code(unit: UnitOfWork) -> str:
    """As the machine does: three wrong codes lock, and what comes later is not looked at."""
    held = await unit.verifications.load(ADA)
    wrong = len(await unit.ledger.about(PERSON, KEY, since=START - LOCK))
    if wrong >= 3:
        return "refused"
    await unit.verifications.save(held)
    await unit.ledger.add(an_entry())
    return "wrong" if wrong < 2 else "locked"


async def note(unit: UnitOfWork) -> None:
    held = await unit.verifications.load(ADA)
    await unit.verifications.save(held)


async def ask_for_call(number: int, unit: UnitOfWork) -> str:
    held = await unit.verifications.load(ADA)
    if held.session is not None:
        return "running"
    await unit.verifications.save(replace(held, session=a_call(number)))
    return "placed"


async def ask_below_seven(number: int, unit: UnitOfWork) -> str:
    """Every asker is another freelancer with another number; the limit is the desk's."""
    freelancer, key = FreelancerId(f"f-{number}"), NumberKey(f"key-{number}")
    tally = await unit.ledger.tally(a_destination(key=key), since=START - LOCK)
    if tally.desk_calls >= 7:
        return "refused"
    session = a_call(number, freelancer_id=freelancer, number_key=key)
    held = await unit.verifications.load(freelancer)
    await unit.verifications.save(replace(held, session=session))
    await unit.ledger.add(an_entry(LedgerKind.ASKED, number=key, session_id=session.id))
    return "placed"


async def test_fifty_concurrent_increments_add_up_to_fifty(
    database: Database, second: Database
) -> None:
    await all_at_once([note] * 50, database, second)

    held = await second.transact(lambda unit: unit.verifications.load(ADA))
    assert held == Verification(freelancer_id=ADA, version=50)


async def test_fifty_concurrent_wrong_codes_cost_three_attempts(
    database: Database, second: Database
) -> None:
    outcomes = await all_at_once([enter_wrong_code] * 50, database, second)

    held = await second.transact(lambda unit: unit.verifications.load(ADA))
    assert outcomes == {"wrong": 2, "locked": 1, "refused": 47}
    assert held == Verification(freelancer_id=ADA, version=3)
    entries = await second.transact(
        lambda unit: unit.ledger.about(PERSON, KEY, since=START - LOCK)
    )
    assert len(entries) == 3


async def test_twenty_concurrent_call_requests_place_one_call(
    database: Database, second: Database
) -> None:
    outcomes = await all_at_once([partial(ask_for_call, n) for n in range(20)], database, second)

    assert outcomes == {"placed": 1, "running": 19}


async def test_of_twenty_accounts_calling_one_number_at_once_one_gets_the_call(
    database: Database, second: Database
) -> None:
    async def ask(number: int, unit: UnitOfWork) -> str:
        freelancer = FreelancerId(f"f-{number}")
        await unit.ledger.tally(a_destination(), since=START - LOCK)
        if await unit.verifications.busy_until(freelancer, KEY):
            return "busy"
        session = a_call(number, freelancer_id=freelancer)
        await unit.verifications.save(Verification(freelancer_id=freelancer, session=session))
        return "placed"

    outcomes = await all_at_once(
        [partial(ask, number) for number in range(20)],
        database,
        second,
    )

    assert outcomes == {"placed": 1, "busy": 19}


async def test_the_total_call_limit_is_exact_under_concurrency(
    database: Database, second: Database
) -> None:
    works = [partial(ask_below_seven, number) for number in range(30)]

    outcomes = await all_at_once(works, database, second)

    assert outcomes == {"placed": 7, "refused": 23}


async def test_a_number_verified_by_two_accounts_at_once_goes_to_one(
    database: Database, second: Database
) -> None:
    async def prove(freelancer: FreelancerId, unit: UnitOfWork) -> str:
        await unit.numbers.set_current(freelancer, NUMBER, KEY, START)
        if await unit.numbers.verified_by(KEY) not in {None, freelancer}:
            return "in use"
        await unit.numbers.mark_verified(freelancer, KEY, START)
        return "verified"

    outcomes = await all_at_once([partial(prove, ADA), partial(prove, BEN)], database, second)

    assert outcomes == {"verified": 1, "in use": 1}


async def test_a_provider_event_received_concurrently_is_new_once(
    database: Database, second: Database
) -> None:
    outcomes = await all_at_once(
        [lambda unit: unit.provider_replies.register_event("twilio", "CA1:3:busy", START)] * 20,
        database,
        second,
    )

    assert outcomes == {True: 1, False: 19}


async def test_an_update_received_by_two_processes_is_stored_once(
    database: Database, second: Database
) -> None:
    update = Incoming(update_id=1, lane="chat:7", payload="{}", received_at=START)

    news = await asyncio.gather(
        *(each.inbox_queue.store([update]) for each in (database, second) * 10)
    )

    assert Counter(news) == {frozenset({"chat:7"}): 1, frozenset(): 19}


async def test_two_workers_on_a_lane_handle_each_update_once_in_order(
    database: Database, second: Database
) -> None:
    updates = [
        Incoming(update_id=number, lane="chat:7", payload="{}", received_at=START)
        for number in range(20)
    ]
    await database.inbox_queue.store(updates)
    handled: list[int] = []

    async def handle(unit: UnitOfWork) -> int | None:
        row = await head_of(unit, "chat:7")
        if row is None:
            return None
        await unit.inbox.done([row], START)
        return row.update_id

    async def work(own: Database) -> None:
        while (update_id := await own.transact(handle)) is not None:
            handled.append(update_id)

    await asyncio.gather(work(database), work(second))

    assert sorted(handled) == list(range(20))


async def test_a_chat_linked_by_two_accounts_at_once_belongs_to_the_first(
    database: Database, second: Database
) -> None:
    async def link(chat_id: int, unit: UnitOfWork) -> str:
        if await unit.chats.of(ADA) is not None:
            return "taken"
        await unit.chats.save(Chat(id=ChatId(chat_id), freelancer_id=ADA))
        return "linked"

    outcomes = await all_at_once(
        [partial(link, number) for number in range(20)],
        database,
        second,
    )

    assert outcomes == {"linked": 1, "taken": 19}


async def test_a_failed_unit_of_work_is_rolled_back(database: Database, second: Database) -> None:
    async def write_and_fail(unit: UnitOfWork) -> None:
        await note(unit)
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(write_and_fail)

    untouched = Verification(freelancer_id=ADA)
    assert await second.transact(lambda unit: unit.verifications.load(ADA)) == untouched


async def test_a_unit_of_work_that_always_conflicts_gives_up(database: Database) -> None:
    runs = 0

    async def lose(unit: UnitOfWork) -> None:
        nonlocal runs
        runs += 1
        raise StaleStateError

    with pytest.raises(StaleStateError):
        await database.transact(lose)

    assert runs == MOST_TRIES


async def test_on_sqlite_a_unit_of_work_waits_to_begin_and_runs_once(sqlite_url: str) -> None:
    runs = 0

    async def count(unit: UnitOfWork) -> None:
        nonlocal runs
        runs += 1
        await note(unit)

    async with opened(sqlite_url) as one, opened(sqlite_url) as other:
        await all_at_once([count] * 20, one, other)

    assert runs == 20
