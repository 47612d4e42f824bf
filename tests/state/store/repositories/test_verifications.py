from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.channel import AwaitingTyped, Reached
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Ending,
    Phase,
    Placing,
    Queued,
    SessionId,
    Verification,
    Verified,
)
from state.ports import StaleStateError, UnitOfWork
from tests.state.store.desk import Desk
from tests.support.builders import ADA, BEN, KEY, OTHER_KEY, a_session, a_verification
from tests.support.fakes import START

MINUTE = timedelta(minutes=1)
PHASES: list[Phase] = [
    Queued(),
    Placing(START),
    Dialing(),
    AwaitingAck(1),
    AwaitingCode(2),
    AwaitingTyped(Reached.DELIVERED),
    Closing(START),
    *(Ended(how, START) for how in Ending),
]


def another_session(number: int, **changes: object) -> CallSession:
    fresh = a_session(id=SessionId(f"{number:032x}"), opened_at=START + number * MINUTE)
    return replace(fresh, **changes)  # type: ignore[arg-type]  # named by the tests below


async def save(desk: Desk, *versions: Verification) -> None:
    async def each(unit: UnitOfWork) -> None:
        for verification in versions:
            await unit.verifications.save(verification)

    await desk.transact(each)


async def test_an_unknown_verification_has_no_proof_and_version_0(desk: Desk) -> None:
    assert await desk.transact(lambda unit: unit.verifications.load(ADA)) == Verification(
        freelancer_id=ADA
    )
    assert await desk.transact(lambda unit: unit.verifications.of_session(a_session().id)) is None


@pytest.mark.parametrize("proved", [None, Verified(START, KEY)])
@pytest.mark.parametrize("former", [None, Verified(START - MINUTE, OTHER_KEY)])
async def test_a_proof_is_stored_and_read_back_unchanged(
    desk: Desk, onlooker: Desk, former: Verified | None, proved: Verified | None
) -> None:
    before = a_verification(proved=former, version=0)
    await save(desk, before, replace(before, proved=proved, version=1))

    loaded = await onlooker.transact(lambda unit: unit.verifications.load(ADA))

    assert loaded == Verification(freelancer_id=ADA, proved=proved, version=2)


@pytest.mark.parametrize("phase", PHASES)
async def test_a_session_is_stored_and_read_back_unchanged(
    desk: Desk, onlooker: Desk, phase: Phase
) -> None:
    before = a_verification(Placing(START), version=0)
    after = a_verification(phase, version=1, provider_sid="CA1", turn=3)
    await save(desk, before, after)

    loaded = await onlooker.transact(lambda unit: unit.verifications.load(ADA))

    assert loaded == replace(after, version=2)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_saving_needs_the_stored_version(desk: Desk, onlooker: Desk, version: int) -> None:
    stored = a_verification(Queued(), version=0)
    await save(desk, stored, replace(stored, version=1))

    with pytest.raises(StaleStateError):
        await save(desk, a_verification(Dialing(), version=version))

    loaded = await onlooker.transact(lambda unit: unit.verifications.load(ADA))
    assert loaded == replace(stored, version=2)


async def test_the_session_opened_last_is_the_latest(desk: Desk, onlooker: Desk) -> None:
    ended = Ended(Ending.NO_ANSWER, START)
    first = a_verification(ended, version=0)
    second = replace(first, session=another_session(9, opened_at=START, phase=ended), version=1)
    third = replace(first, session=another_session(2, opened_at=START), version=2)
    await save(desk, first, second, third)

    latest = await onlooker.transact(lambda unit: unit.verifications.load(ADA))

    assert latest.session == third.session


async def test_an_earlier_session_can_be_loaded(desk: Desk, onlooker: Desk) -> None:
    first = a_verification(Ended(Ending.BUSY, START), version=0)
    second = replace(first, session=another_session(2), version=1)
    await save(desk, first, second)

    found = await onlooker.transact(lambda unit: unit.verifications.of_session(a_session().id))

    assert found == replace(first, version=2)


async def test_a_freelancer_has_at_most_one_active_call(desk: Desk, onlooker: Desk) -> None:
    first = a_verification(Dialing(), version=0)
    second = another_session(2, number_key=OTHER_KEY)
    await save(desk, first)

    with pytest.raises(StaleStateError):
        await save(desk, replace(first, session=second, version=1))

    assert await onlooker.transact(lambda unit: unit.verifications.load(ADA)) == replace(
        first, version=1
    )


async def test_a_number_has_at_most_one_active_call(desk: Desk, onlooker: Desk) -> None:
    await save(desk, a_verification(Dialing(), version=0))

    with pytest.raises(StaleStateError):
        await save(
            desk,
            Verification(freelancer_id=BEN, session=another_session(2, freelancer_id=BEN)),
        )

    assert await onlooker.transact(lambda unit: unit.verifications.load(BEN)) == Verification(
        freelancer_id=BEN
    )


async def test_the_account_whose_call_occupies_a_number_is_found_until_it_ends(
    desk: Desk, onlooker: Desk
) -> None:
    await save(desk, a_verification(Dialing(), version=0))
    found = await onlooker.transact(lambda unit: unit.verifications.with_active_call(KEY))
    await save(desk, a_verification(Ended(Ending.BUSY, START), version=1))

    assert found == a_verification(Dialing(), version=1)
    assert await onlooker.transact(lambda unit: unit.verifications.with_active_call(KEY)) is None


async def test_erasing_a_verification_erases_its_dialogue(desk: Desk, onlooker: Desk) -> None:
    await save(desk, a_verification(Dialing(), version=0))
    session = a_session().id
    await desk.transact(lambda unit: unit.provider_replies.put(session, 0, "<x/>"))

    await desk.transact(lambda unit: unit.verifications.erase(ADA))

    assert (await onlooker.transact(lambda unit: unit.verifications.load(ADA))).version == 0
    assert await onlooker.transact(lambda unit: unit.verifications.of_session(session)) is None
    assert await onlooker.transact(lambda unit: unit.provider_replies.get(session, 0)) is None
