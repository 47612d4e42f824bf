"""A reading is kept if it is newer, and what it proves stays proved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.account import Account, PlanId, Progress, StepId
from state.model.verification import Ended, Ending
from state.model.work import HangUp, ShowProgress
from state.usecases.snapshots.take import Older, SnapshotTaken
from tests.state.usecases.desk import CHAT, Desk
from tests.support.builders import ADA, NUMBER, a_profile, an_account
from tests.support.fakes import START

HOUR = timedelta(hours=1)
EMPTY = an_account()
FULL = an_account(profile=a_profile(), completeness=85.0, phone_verified=True)


async def take(desk: Desk, account: Account, hours: int = 0) -> SnapshotTaken | Older:
    later = replace(account, as_of=START + hours * HOUR)
    return await desk.run(lambda do: do.take_snapshot(later))


async def earned(desk: Desk) -> int | None:
    found = await desk.run(lambda do: do.read_progress(ADA))
    assert isinstance(found, Progress)
    return found.earned


async def test_a_snapshot_completes_the_steps_it_proves_once(desk: Desk) -> None:
    first = await take(desk, an_account(phone_verified=True))
    second = await take(desk, FULL, hours=1)

    assert first == SnapshotTaken(newly=(StepId("phone"),))
    assert second == SnapshotTaken(newly=(StepId("basic_profile"), StepId("profile_80")))


@pytest.mark.parametrize("age", [0, -1])
async def test_a_snapshot_that_is_not_newer_changes_nothing(desk: Desk, age: int) -> None:
    await take(desk, EMPTY)

    found = await take(desk, FULL, hours=age)

    assert found == Older(held=START)
    assert await earned(desk) == 0


async def test_a_completed_step_is_never_undone_by_a_snapshot(desk: Desk) -> None:
    await take(desk, FULL)
    await take(desk, replace(EMPTY, completeness=10.0), hours=1)

    assert await earned(desk) == 40


async def test_steps_completed_on_a_paid_plan_count_after_a_downgrade(desk: Desk) -> None:
    await take(desk, replace(FULL, plan=PlanId("individual")))
    await take(desk, replace(EMPTY, plan=PlanId("basic")), hours=1)

    assert await earned(desk) == 40


async def test_a_linked_chat_is_shown_the_completed_steps(desk: Desk) -> None:
    await desk.arrive(as_of=START - HOUR)
    await take(desk, an_account(phone_verified=True))
    await take(desk, EMPTY, hours=1)

    rows = desk.rows(ShowProgress)
    assert [row.task for row in rows] == [
        ShowProgress(freelancer_id=ADA, opened=("phone",)),
        ShowProgress(freelancer_id=ADA),
    ]
    assert {row.lane for row in rows} == {f"chat:{CHAT}"}


async def test_without_a_chat_nothing_is_shown(desk: Desk) -> None:
    await take(desk, FULL)

    assert desk.tasks() == []


async def test_the_number_on_record_becomes_the_number_to_verify(desk: Desk) -> None:
    await take(desk, replace(EMPTY, phone="+44 7911 123456"))

    assert await desk.look().numbers.current(ADA) == NUMBER


async def test_an_unparsable_number_is_stored_as_it_is(desk: Desk) -> None:
    await take(desk, replace(EMPTY, phone="ask my agent"))

    assert await desk.look().numbers.current(ADA) == "ask my agent"


@pytest.mark.parametrize(
    ("on_record", "expected"),
    [(NUMBER, "+12025550123"), (None, "+12025550123"), ("+491701234567", "+491701234567")],
    ids=["unchanged", "no longer said", "changed"],
)
async def test_a_number_edited_in_the_chat_stays_until_the_record_changes(
    desk: Desk, on_record: str | None, expected: str
) -> None:
    await take(desk, EMPTY)
    await desk.run(lambda do: do.edit_number(ADA, "+12025550123"))

    await take(desk, replace(EMPTY, phone=on_record), hours=1)

    assert await desk.look().numbers.current(ADA) == expected


async def test_a_call_to_the_former_number_ends_when_the_record_changes(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()

    await take(desk, replace(EMPTY, phone="+491701234567"), hours=1)

    assert (await desk.session()).phase == Ended(Ending.CANCELLED, START)
    assert desk.tasks(HangUp) == [HangUp(session_id=session, sid=f"CA-{session}")]


async def test_a_call_continues_when_the_record_keeps_the_number(desk: Desk) -> None:
    await desk.arrive(phone="+44 7911 123456")
    await desk.reach_code()

    await take(desk, EMPTY, hours=1)

    assert not isinstance((await desk.session()).phase, Ended)
