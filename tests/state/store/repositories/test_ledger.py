"""What the ledger counts, and whose a number is, as memory and both databases keep it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from state.model.ledger import Attempts, CallHistory, LedgerEntry, LedgerKind
from state.model.verification import Dialing, NumberKey, PersonKey, SessionId, Verification
from state.policy import VerificationPolicy
from state.ports import UnitOfWork
from state.rules.limits import WINDOW, call_history
from tests.state.store.desk import Desk
from tests.support.builders import (
    ADA,
    BEN,
    KEY,
    NUMBER,
    OTHER_KEY,
    OTHER_PERSON,
    PERSON,
    a_destination,
    a_session,
    an_entry,
    policy,
)
from tests.support.fakes import START

HOUR = timedelta(hours=1)
RULES: VerificationPolicy = policy().verification


def asked(call: int, *, hours_ago: float, **changes: Any) -> LedgerEntry:
    to = a_destination()
    fields = {"block": to.block, "region": to.region, "at": START - hours_ago * HOUR}
    session_id = SessionId(f"{call:032x}")
    return an_entry(LedgerKind.ASKED, session_id=session_id, **fields | changes)


async def add(desk: Desk, *entries: LedgerEntry) -> None:
    async def each(unit: UnitOfWork) -> None:
        for entry in entries:
            await unit.ledger.add(entry)

    await desk.transact(each)


async def history(desk: Desk, person: PersonKey = PERSON) -> CallHistory:
    async def read(unit: UnitOfWork) -> CallHistory:
        tally = await unit.ledger.tally(a_destination(), since=START - WINDOW)
        entries = await unit.ledger.about(person, KEY, since=START - WINDOW)
        return call_history(
            entries,
            tally,
            person,
            KEY,
            number_busy_until=await unit.verifications.busy_until(ADA, KEY),
            now=START,
            policy=RULES,
        )

    return await desk.transact(read)


async def test_without_entries_all_counts_are_zero(desk: Desk) -> None:
    assert await history(desk) == CallHistory()


async def test_calls_are_counted_by_number_freelancer_and_in_total(
    desk: Desk, onlooker: Desk
) -> None:
    await add(
        desk,
        asked(1, hours_ago=5),
        asked(2, person=OTHER_PERSON, hours_ago=4),
        asked(3, number=OTHER_KEY, hours_ago=3),
        asked(4, person=OTHER_PERSON, number=OTHER_KEY, hours_ago=2),
    )

    assert await history(onlooker) == CallHistory(
        last_call_at=START - 3 * HOUR,
        number_calls_at=(START - 5 * HOUR, START - 4 * HOUR),
        freelancer_calls_at=(START - 5 * HOUR, START - 3 * HOUR),
        freelancer_asks_at=(START - 5 * HOUR, START - 3 * HOUR),
        block_calls=4,
        block_window_ends_at=START + 19 * HOUR,
        region_calls=4,
        region_window_ends_at=START + 19 * HOUR,
        desk_calls=4,
        desk_window_ends_at=START + 19 * HOUR,
    )


async def test_calls_are_counted_separately_by_block_and_region(
    desk: Desk, onlooker: Desk
) -> None:
    elsewhere = a_destination("+12025550123", region="US")
    await add(desk, asked(1, hours_ago=1, block=elsewhere.block, region="US"))

    found = await history(onlooker)

    assert (found.block_calls, found.region_calls, found.desk_calls) == (0, 0, 1)


async def test_calls_older_than_a_day_do_not_count(desk: Desk, onlooker: Desk) -> None:
    await add(desk, asked(1, hours_ago=24), asked(2, hours_ago=23.999))

    found = await history(onlooker)

    assert (found.desk_calls, len(found.number_calls_at)) == (1, 1)


@pytest.mark.attack("T65")
async def test_an_unanswered_call_counts_as_a_request_and_not_as_a_call(
    desk: Desk, onlooker: Desk
) -> None:
    await add(desk, asked(1, hours_ago=1), asked(2, hours_ago=2))
    unreached = SessionId(f"{1:032x}")

    await desk.transact(lambda unit: unit.ledger.settle_ask(unreached, LedgerKind.UNREACHED))

    theirs, others = await history(onlooker), await history(onlooker, OTHER_PERSON)
    assert theirs.freelancer_asks_at == (START - HOUR, START - 2 * HOUR)
    assert theirs.freelancer_calls_at == theirs.number_calls_at == (START - 2 * HOUR,)
    assert (theirs.last_call_at, others.last_call_at) == (START - HOUR, START - 2 * HOUR)
    assert theirs.desk_calls == 1


async def test_a_decline_blocks_one_person_and_number_for_a_day(
    desk: Desk, onlooker: Desk
) -> None:
    declined = LedgerKind.DECLINED
    await add(
        desk,
        an_entry(declined, at=START - 29 * HOUR),
        an_entry(declined, at=START - HOUR),
        an_entry(declined, at=START, person=OTHER_PERSON),
        an_entry(declined, at=START, number=OTHER_KEY),
    )

    assert (await history(onlooker)).declined_at == START - HOUR


async def test_a_provider_rejection_is_visible_to_everybody(desk: Desk, onlooker: Desk) -> None:
    refused = LedgerKind.MISCONFIGURED
    await add(desk, an_entry(refused, person=OTHER_PERSON, number=OTHER_KEY, at=START - HOUR))

    assert (await history(onlooker)).misconfigured_at == START - HOUR


async def test_a_number_is_busy_while_another_account_calls_it(desk: Desk, onlooker: Desk) -> None:
    call = Verification(freelancer_id=BEN, session=a_session(Dialing(), freelancer_id=BEN))
    await desk.transact(lambda unit: unit.verifications.save(call))

    async def busy(unit: UnitOfWork) -> tuple[datetime | None, datetime | None]:
        return (
            await unit.verifications.busy_until(ADA, KEY),
            await unit.verifications.busy_until(BEN, KEY),
        )

    assert await onlooker.transact(busy) == (START + timedelta(minutes=10), None)


async def test_wrong_codes_are_counted_for_the_person_and_for_the_number(
    desk: Desk, onlooker: Desk
) -> None:
    until = START + 20 * HOUR
    await add(
        desk,
        an_entry(at=START - 9 * HOUR, number=OTHER_KEY),
        an_entry(at=START - 8 * HOUR),
        an_entry(at=START - 7 * HOUR, person=OTHER_PERSON, locked_until=until),
        an_entry(at=START - 6 * HOUR, person=OTHER_PERSON, number=OTHER_KEY),
    )

    assert (await history(onlooker)).attempts == Attempts(
        of_person=(START - 9 * HOUR, START - 8 * HOUR),
        at_number=(START - 8 * HOUR, START - 7 * HOUR),
        number_locked_until=until,
    )


async def test_a_lock_is_returned_while_it_holds(desk: Desk, onlooker: Desk) -> None:
    locked = an_entry(at=START - 30 * HOUR, locked_until=START + HOUR)
    over = an_entry(at=START - 31 * HOUR, locked_until=START - 25 * HOUR)
    await add(desk, locked, over)

    async def about(unit: UnitOfWork) -> list[LedgerEntry]:
        return list(await unit.ledger.about(PERSON, None, since=START - WINDOW))

    assert await onlooker.transact(about) == [locked]


@pytest.mark.attack("T63")
async def test_verifying_a_number_clears_the_wrong_codes_at_it(desk: Desk, onlooker: Desk) -> None:
    here, elsewhere = an_entry(), an_entry(number=OTHER_KEY)
    others = an_entry(person=OTHER_PERSON)
    await add(desk, here, elsewhere, others, an_entry(LedgerKind.DECLINED))

    await desk.transact(lambda unit: unit.ledger.clear(PERSON, KEY))

    theirs = (await history(onlooker)).attempts
    assert theirs == Attempts(of_person=(START,))
    assert (await history(onlooker, OTHER_PERSON)).attempts == Attempts(of_person=(START,))
    assert (await history(onlooker)).declined_at == START


# ---------------------------------------------------------------- whose a number is


async def bound_to(desk: Desk, key: NumberKey = KEY, now: datetime = START) -> PersonKey | None:
    return await desk.transact(lambda unit: unit.ledger.bound_to(key, now=now))


async def prove(desk: Desk) -> None:
    async def proved(unit: UnitOfWork) -> None:
        await unit.numbers.set_current(ADA, NUMBER, KEY, START)
        await unit.numbers.mark_verified(ADA, KEY, START)
        await unit.ledger.bind(KEY, PERSON)

    await desk.transact(proved)


async def test_a_number_is_bound_to_the_account_that_verified_it_last(
    desk: Desk, onlooker: Desk
) -> None:
    await desk.transact(lambda unit: unit.ledger.bind(KEY, OTHER_PERSON))
    await prove(desk)

    assert await bound_to(onlooker) == PERSON
    assert await bound_to(onlooker, OTHER_KEY) is None


@pytest.mark.attack("T64")
async def test_numbers_of_an_erased_account_stay_bound_until_a_moment(
    desk: Desk, onlooker: Desk
) -> None:
    await prove(desk)
    await desk.transact(lambda unit: unit.ledger.bind(OTHER_KEY, OTHER_PERSON))

    await desk.transact(lambda unit: unit.ledger.release_later(ADA, START + HOUR))

    assert await bound_to(onlooker, now=START + HOUR - timedelta(milliseconds=1)) == PERSON
    assert await bound_to(onlooker, now=START + HOUR) is None
    assert await bound_to(onlooker, OTHER_KEY, now=START + HOUR) == OTHER_PERSON


async def test_verifying_a_number_again_binds_it_permanently(desk: Desk, onlooker: Desk) -> None:
    await prove(desk)
    await desk.transact(lambda unit: unit.ledger.release_later(ADA, START + HOUR))
    await prove(desk)

    assert await bound_to(onlooker, now=START + 2 * HOUR) == PERSON


async def test_staff_release_one_number_or_all_of_an_account(desk: Desk, onlooker: Desk) -> None:
    await prove(desk)
    await desk.transact(lambda unit: unit.ledger.bind(OTHER_KEY, PERSON))

    first = await desk.transact(lambda unit: unit.ledger.release(KEY))
    again = await desk.transact(lambda unit: unit.ledger.release(KEY))
    other = await bound_to(onlooker, OTHER_KEY)
    await desk.transact(lambda unit: unit.ledger.release_all(PERSON))

    assert (first, again, other) == (True, False, PERSON)
    assert await bound_to(onlooker, OTHER_KEY) is None
