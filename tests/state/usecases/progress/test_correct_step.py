"""Staff put a step right: at once in the chat, once to the marketplace, and with a reason."""

from datetime import timedelta

import pytest

from state.model.account import StepId
from state.model.work import EventKind, ShowProgress, TellMarketplace
from state.usecases.progress.correct_step import Corrected, NoSuchStep, NotByItself
from tests.state.usecases.desk import Desk
from tests.state.usecases.progress_histories import done_steps
from tests.support.builders import ADA, an_account
from tests.support.cases import METER, PHONE
from tests.support.fakes import START


async def correct(desk: Desk, step: StepId, *, done: bool) -> object:
    desk.clock.forward(minutes=1)
    return await desk.run(
        lambda do: do.correct_step(ADA, step, done=done, reason="seen by Eve", actor="staff:eve")
    )


async def proofs(desk: Desk) -> dict[str, str]:
    return {one.step: one.proof for one in await desk.look().accounts.completions(ADA)}


async def test_a_step_set_by_staff_is_shown_and_reported_once(desk: Desk) -> None:
    await desk.arrive()
    before = len(desk.rows(ShowProgress))

    assert await correct(desk, METER, done=True) == Corrected(changed=True)
    assert await correct(desk, METER, done=True) == Corrected(changed=False)

    [shown] = desk.tasks(ShowProgress)[before:]
    assert shown == ShowProgress(freelancer_id=ADA, opened=(METER,))
    told = [one for one in desk.tasks(TellMarketplace) if isinstance(one, TellMarketplace)]
    assert [one.step for one in told if one.event is EventKind.STEP_COMPLETED] == [METER]
    assert await proofs(desk) == {METER: "staff:seen by Eve"}
    assert desk.audit()[-1] == "step.set"


async def test_a_revoked_step_is_updated_in_place_without_a_notice(desk: Desk) -> None:
    await desk.arrive(completeness=95.0)
    before = len(desk.rows(ShowProgress))

    assert await correct(desk, METER, done=False) == Corrected(changed=True)
    assert await correct(desk, METER, done=False) == Corrected(changed=False)

    assert desk.tasks(ShowProgress)[before:] == [ShowProgress(freelancer_id=ADA)]
    assert await proofs(desk) == {}
    assert desk.audit()[-1] == "step.undone"


async def test_a_fast_marketplace_clock_does_not_undo_the_correction(desk: Desk) -> None:
    await desk.arrive(completeness=95.0, as_of=START + timedelta(hours=1))

    await correct(desk, METER, done=False)
    undone = await desk.run(lambda do: do.read_progress(ADA))
    await correct(desk, METER, done=True)

    assert METER not in done_steps(undone)
    assert await proofs(desk) == {METER: "staff:seen by Eve"}


async def test_without_a_chat_nothing_is_shown(desk: Desk) -> None:
    await desk.run(lambda do: do.take_snapshot(an_account()))

    await correct(desk, METER, done=True)

    assert desk.rows(ShowProgress) == []


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (StepId("gold"), NoSuchStep((StepId("basic_profile"), METER, PHONE))),
        (PHONE, NotByItself()),
    ],
)
async def test_an_unknown_step_or_the_phone_step_cannot_be_revoked(
    desk: Desk, step: StepId, answer: object
) -> None:
    await desk.arrive(phone_verified=True)

    assert await correct(desk, step, done=False) == answer

    assert await proofs(desk) == {PHONE: f"snapshot:{START.isoformat()}"}
    assert "step.undone" not in desk.audit()
