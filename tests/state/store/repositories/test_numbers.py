from datetime import timedelta

import pytest

from state.ports import StaleStateError
from tests.state.store.desk import Desk
from tests.support.builders import ADA, BEN, KEY, NUMBER, OTHER_KEY
from tests.support.fakes import START

LATER = START + timedelta(hours=1)


async def test_the_last_number_set_is_the_current_one(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, "call me", None, LATER))

    assert await onlooker.transact(lambda unit: unit.numbers.current(ADA)) == "call me"
    assert await onlooker.transact(lambda unit: unit.numbers.current(BEN)) is None


async def test_an_earlier_number_can_become_current_again(desk: Desk, onlooker: Desk) -> None:
    other = "+12025550123"
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, other, OTHER_KEY, START))

    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, LATER))

    assert await onlooker.transact(lambda unit: unit.numbers.current(ADA)) == NUMBER


async def test_an_unverified_number_may_be_claimed_by_two_freelancers(
    desk: Desk, onlooker: Desk
) -> None:
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.set_current(BEN, NUMBER, KEY, START))

    assert await onlooker.transact(lambda unit: unit.numbers.current(BEN)) == NUMBER
    assert await onlooker.transact(lambda unit: unit.numbers.verified_by(KEY)) is None


async def test_a_number_can_be_verified_on_one_account_only(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.set_current(BEN, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.mark_verified(ADA, KEY, LATER))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: unit.numbers.mark_verified(BEN, KEY, LATER))

    assert await onlooker.transact(lambda unit: unit.numbers.verified_by(KEY)) == ADA


async def test_a_verified_number_stays_taken_when_another_becomes_current(
    desk: Desk, onlooker: Desk
) -> None:
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.mark_verified(ADA, KEY, START))

    await desk.transact(
        lambda unit: unit.numbers.set_current(ADA, "+12025550123", OTHER_KEY, LATER)
    )

    assert await onlooker.transact(lambda unit: unit.numbers.verified_by(KEY)) == ADA
    assert await onlooker.transact(lambda unit: unit.numbers.verified_by(OTHER_KEY)) is None


async def test_verifying_the_same_number_again_succeeds(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.numbers.set_current(ADA, NUMBER, KEY, START))
    await desk.transact(lambda unit: unit.numbers.mark_verified(ADA, KEY, START))

    await desk.transact(lambda unit: unit.numbers.mark_verified(ADA, KEY, LATER))

    assert await onlooker.transact(lambda unit: unit.numbers.verified_by(KEY)) == ADA
