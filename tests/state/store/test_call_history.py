from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.account import FreelancerId
from state.model.verification import (
    CallHistory,
    CallSession,
    Dialing,
    Ended,
    Ending,
    NumberKey,
    Phase,
    SessionId,
)
from state.ports import UnitOfWork
from tests.builders import ADA, BEN, KEY, OTHER_KEY, a_destination, a_session
from tests.fakes import START
from tests.state.store.desk import Desk

HOUR = timedelta(hours=1)
OVER = Ended(Ending.NO_ANSWER, START)


def a_call(
    number: int,
    *,
    by: FreelancerId = ADA,
    to: NumberKey = KEY,
    hours_ago: float,
    phase: Phase = OVER,
) -> CallSession:
    opened_at = START - hours_ago * HOUR
    return replace(
        a_session(phase),
        id=SessionId(f"{number:032x}"),
        freelancer_id=by,
        number_key=to,
        opened_at=opened_at,
        expires_at=opened_at + timedelta(minutes=10),
    )


async def make(desk: Desk, *calls: CallSession) -> None:
    async def each(unit: UnitOfWork) -> None:
        for call in calls:
            held = await unit.verifications.load(call.freelancer_id)
            await unit.verifications.save(replace(held, session=call))

    await desk.transact(each)


async def history(desk: Desk) -> CallHistory:
    return await desk.transact(
        lambda unit: unit.verifications.history(ADA, a_destination(), START)
    )


async def test_no_call_was_ever_made(desk: Desk) -> None:
    assert await history(desk) == CallHistory()


async def test_calls_are_counted_for_number_freelancer_and_desk(
    desk: Desk, onlooker: Desk
) -> None:
    await make(
        desk,
        a_call(1, hours_ago=5),
        a_call(2, by=BEN, hours_ago=4),
        a_call(3, to=OTHER_KEY, hours_ago=3),
        a_call(4, by=BEN, to=OTHER_KEY, hours_ago=2),
    )

    assert await history(onlooker) == CallHistory(
        last_call_at=START - 3 * HOUR,
        number_calls_at=(START - 5 * HOUR, START - 4 * HOUR),
        freelancer_calls_at=(START - 5 * HOUR, START - 3 * HOUR),
        block_calls=4,
        block_window_ends_at=START + 19 * HOUR,
        desk_calls=4,
        desk_window_ends_at=START + 19 * HOUR,
    )


async def test_a_day_later_a_call_counts_no_more(desk: Desk, onlooker: Desk) -> None:
    await make(desk, a_call(1, hours_ago=24), a_call(2, hours_ago=23.999))

    found = await history(onlooker)

    assert (found.desk_calls, len(found.number_calls_at)) == (1, 1)


@pytest.mark.parametrize(
    "how", [Ending.PROVIDER_FAILED, Ending.NUMBER_REJECTED, Ending.NOT_SERVED]
)
async def test_a_call_that_never_rang_costs_nothing(
    desk: Desk, onlooker: Desk, how: Ending
) -> None:
    await make(desk, a_call(1, hours_ago=1, phase=Ended(how, START)))

    assert await history(onlooker) == CallHistory()


async def test_a_decline_is_of_one_pair_for_a_day(desk: Desk, onlooker: Desk) -> None:
    declined = Ended(Ending.DECLINED, START - HOUR)
    await make(
        desk,
        a_call(1, hours_ago=30, phase=Ended(Ending.DECLINED, START - 29 * HOUR)),
        a_call(2, hours_ago=2, phase=declined),
        a_call(3, by=BEN, hours_ago=1, phase=Ended(Ending.DECLINED, START)),
    )

    assert (await history(onlooker)).declined_at == START - HOUR


async def test_a_number_is_busy_while_another_account_calls_it(desk: Desk, onlooker: Desk) -> None:
    await make(desk, a_call(1, by=BEN, hours_ago=0, phase=Dialing()))

    assert (await history(onlooker)).number_busy_until == START + timedelta(minutes=10)


async def test_ones_own_call_does_not_make_the_number_busy(desk: Desk, onlooker: Desk) -> None:
    await make(desk, a_call(1, hours_ago=0, phase=Dialing()))

    assert (await history(onlooker)).number_busy_until is None
