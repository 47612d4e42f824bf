"""What one's own contact proves of a number."""

from collections.abc import Awaitable
from dataclasses import replace

from state.model.verification import (
    LockedOut,
)
from state.policy import Policy
from state.rules.phone_number import NumberRefusal, NumberRefused
from state.usecases.verification.number import ContactVerified, NumberKept, TakeContact
from state.usecases.verification.run_call import HeardDigits
from tests.state.usecases.desk import OTHER_CHAT, PEPPERS, REACH, Desk
from tests.state.usecases.verification.test_by_hand import run, set_, steps
from tests.support.builders import ADA, BEN, NUMBER, policy

OTHER = "+447911123457"


def proving() -> Policy:
    return replace(policy(), verification=replace(policy().verification, contact_verifies=True))


def contact(desk: Desk, number: str, rules: Policy) -> Awaitable[object]:
    return run(
        desk,
        lambda unit: TakeContact(
            unit=unit, policy=rules, clock=desk.clock, peppers=PEPPERS, callable_numbers=REACH
        )(ADA, number),
    )


async def test_a_contact_sets_the_number_and_verifies_nothing_by_default(desk: Desk) -> None:
    await desk.arrive()

    assert await contact(desk, OTHER, policy()) == NumberKept("+44 … 57")
    assert await desk.look().numbers.current(ADA) == OTHER
    assert await steps(desk) == []


async def test_a_contact_verifies_the_number_if_the_policy_allows_it(desk: Desk) -> None:
    await desk.arrive()

    assert await contact(desk, OTHER, proving()) == ContactVerified("+44 … 57")
    assert await steps(desk) == ["phone"]
    assert desk.audit()[-1] == "verification.contact"


async def test_an_uncallable_contact_is_refused(desk: Desk) -> None:
    await desk.arrive()

    assert await contact(desk, "+18765551234", proving()) == NumberRefused(NumberRefusal.REGION)


async def test_a_contact_ends_no_lock_of_the_person(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    assert await contact(desk, NUMBER, proving()) == NumberKept("+44 … 56")
    assert isinstance(await desk.round(), LockedOut)


async def test_a_contact_ends_no_lock_of_the_number(desk: Desk) -> None:
    await desk.arrive(BEN, OTHER_CHAT, phone=OTHER)
    await desk.reach_code(BEN)
    code = await desk.code(BEN)
    session = (await desk.session(BEN)).id
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    await desk.happen(*[HeardDigits(keyed=wrong)] * 3, session_id=session)
    await desk.arrive()

    assert await contact(desk, OTHER, proving()) == NumberKept("+44 … 57")


async def test_a_contact_takes_no_number_from_another_account(desk: Desk) -> None:
    await desk.arrive()
    await set_(desk)
    await desk.arrive(BEN, OTHER_CHAT, phone=OTHER)

    kept = await run(
        desk,
        lambda unit: TakeContact(
            unit=unit, policy=proving(), clock=desk.clock, peppers=PEPPERS, callable_numbers=REACH
        )(BEN, NUMBER),
    )

    assert kept == NumberKept("+44 … 56")


async def test_a_contact_verifies_nothing_while_the_clock_is_unreliable(desk: Desk) -> None:
    await desk.arrive()
    desk.clock.steady = False

    assert await contact(desk, OTHER, proving()) == NumberKept("+44 … 57")
