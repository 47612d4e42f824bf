"""What staff decide about a number, what one's own contact proves, and the story of both."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from state.model.verification import (
    Ended,
    Ending,
    Farewell,
    Open,
    Reason,
    Verified,
    WaitUntil,
)
from state.model.work import ShowProgress
from state.ports import UnitOfWork
from state.usecases.verification.by_hand import (
    Bound,
    ClearVerification,
    InUse,
    NotBound,
    ReleaseNumber,
    SetByHand,
    SetVerification,
)
from state.usecases.verification.number_in_use import NoNumber
from state.usecases.verification.read import ExplainVerification, VerificationHistory
from tests.state.usecases.desk import OTHER_CHAT, PEPPERS, REACH, Desk
from tests.support.builders import ADA, BEN, NUMBER, policy
from tests.support.fakes import START

T = TypeVar("T")
OTHER = "+447911123457"


def run(desk: Desk, work: Callable[[UnitOfWork], Awaitable[T]]) -> Awaitable[T]:
    return desk.database.transact(work)


def set_(desk: Desk) -> Awaitable[object]:
    return run(
        desk,
        lambda unit: SetVerification(
            unit=unit, policy=policy(), clock=desk.clock, peppers=PEPPERS, callable_numbers=REACH
        )(ADA, reason="saw the passport", actor="staff:eve"),
    )


def clear(desk: Desk) -> Awaitable[None]:
    return run(
        desk,
        lambda unit: ClearVerification(
            unit=unit, policy=policy(), clock=desk.clock, peppers=PEPPERS
        )(ADA, reason="wrong person", actor="staff:eve"),
    )


def explain(desk: Desk) -> Awaitable[VerificationHistory | None]:
    return run(
        desk,
        lambda unit: ExplainVerification(
            unit=unit, policy=policy(), clock=desk.clock, peppers=PEPPERS
        )(ADA),
    )


async def steps(desk: Desk) -> list[str]:
    return [done.step for done in await desk.look().accounts.completions(ADA)]


async def test_a_number_verified_by_staff_is_verified_and_shown(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()

    done = await set_(desk)

    found = await desk.look().verifications.load(ADA)
    assert done == SetByHand("+44 … 56")
    assert isinstance(found.proved, Verified)
    assert (await desk.session()).phase == Ended(Ending.CANCELLED, START)
    assert await steps(desk) == ["phone"]
    assert ShowProgress(freelancer_id=ADA, opened=("phone",)) in desk.tasks()
    assert desk.audit()[-1] == "verification.set"
    assert list(desk.database.tables.audit.values())[-1].detail == "+44 … 56 saw the passport"


async def test_a_number_verified_on_another_account_cannot_be_verified_by_staff(
    desk: Desk,
) -> None:
    await desk.arrive()
    await set_(desk)
    await desk.arrive(BEN, OTHER_CHAT)

    done = await run(
        desk,
        lambda unit: SetVerification(
            unit=unit, policy=policy(), clock=desk.clock, peppers=PEPPERS, callable_numbers=REACH
        )(BEN, reason="r", actor="a"),
    )

    assert done == InUse(ADA)


async def test_without_a_number_staff_cannot_verify_it(desk: Desk) -> None:
    await desk.arrive(phone=None)

    assert await set_(desk) == NoNumber()


@pytest.mark.attack("T68")
async def test_clearing_a_verification_keeps_a_lock(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    await clear(desk)
    desk.clock.forward(minutes=1)

    until = START + timedelta(hours=24)
    assert await desk.run(lambda do: do.request_call(ADA)) == WaitUntil(until, Reason.LOCKED)


async def test_staff_can_verify_a_locked_number(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    assert await set_(desk) == SetByHand("+44 … 56")
    assert await steps(desk) == ["phone"]


async def test_verification_by_staff_keeps_wrong_codes_at_other_numbers(desk: Desk) -> None:
    await desk.arrive(phone=OTHER)
    await desk.reach_code()
    await desk.wrong(2)
    await desk.run(lambda do: do.edit_number(ADA, NUMBER))

    await set_(desk)
    await desk.run(lambda do: do.edit_number(ADA, OTHER))
    desk.clock.forward(minutes=1)
    await desk.reach_code()

    assert await desk.wrong(1) == [Farewell(Ending.LOCKED)]


async def release(desk: Desk) -> object:
    return await run(
        desk,
        lambda unit: ReleaseNumber(
            unit=unit, clock=desk.clock, peppers=PEPPERS, callable_numbers=REACH
        )(NUMBER, reason="sold the phone", actor="staff:eve"),
    )


async def set_for_ben(desk: Desk) -> object:
    return await run(
        desk,
        lambda unit: SetVerification(
            unit=unit, policy=policy(), clock=desk.clock, peppers=PEPPERS, callable_numbers=REACH
        )(BEN, reason="r", actor="a"),
    )


async def test_staff_can_release_a_number_of_an_erased_account(desk: Desk) -> None:
    await desk.arrive()
    await set_(desk)
    held = await release(desk)
    await desk.run(lambda do: do.forget_freelancer(ADA))
    await desk.arrive(BEN, OTHER_CHAT)

    bound = await set_for_ben(desk)
    released = await release(desk)
    again = await release(desk)
    done = await set_for_ben(desk)

    assert (held, bound) == (InUse(ADA), Bound("+44 … 56"))
    assert (released, again) == (SetByHand("+44 … 56"), NotBound())
    assert done == SetByHand("+44 … 56")
    assert "number.released" in desk.audit()


async def test_a_binding_of_a_number_ends_after_its_time(desk: Desk) -> None:
    await desk.arrive()
    await set_(desk)
    await desk.run(lambda do: do.forget_freelancer(ADA))
    await desk.arrive(BEN, OTHER_CHAT)

    desk.clock.forward(hours=90 * 24, milliseconds=-1)
    early = await set_for_ben(desk)
    desk.clock.forward(milliseconds=1)

    assert early == Bound("+44 … 56")
    assert await set_for_ben(desk) == SetByHand("+44 … 56")


async def test_an_erased_account_may_verify_its_number_again_at_once(desk: Desk) -> None:
    await desk.arrive()
    await set_(desk)
    await desk.run(lambda do: do.forget_freelancer(ADA))
    await desk.arrive()

    assert await set_(desk) == SetByHand("+44 … 56")


async def test_a_cleared_number_is_unverified_and_free_for_another_account(desk: Desk) -> None:
    await desk.arrive()
    await set_(desk)
    desk.clock.forward(minutes=1)

    await clear(desk)

    assert await desk.round() == Open()
    assert await steps(desk) == []
    assert desk.database.tables.verified_numbers == {}


async def test_clearing_an_unknown_verification_succeeds(desk: Desk) -> None:
    await desk.arrive(phone=None)

    await clear(desk)

    assert await desk.round() == Open()


# ---------------------------------------------------------------- the story


async def test_the_history_of_a_round_agrees_with_the_stored_state(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    story = await explain(desk)

    assert story is not None
    assert [event.kind for event in story.lines][-4:] == [
        "call.wrong_code",
        "call.wrong_code",
        "call.wrong_code",
        "call.locked",
    ]
    assert story.agrees
    assert (story.tries_left, story.locked_until) == (0, START + timedelta(hours=24))


async def test_a_manually_changed_round_does_not_agree_with_its_history(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)
    desk.database.tables.ledger.clear()

    story = await explain(desk)

    assert story is not None
    assert not story.agrees


async def test_an_unknown_freelancer_has_no_history(desk: Desk) -> None:
    assert await explain(desk) is None
