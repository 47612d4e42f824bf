"""What a call hears is judged, kept and shown; every end has its effects."""

from datetime import timedelta

import pytest

from state.model.account import Done, Progress, StepId
from state.model.channel import Channel
from state.model.verification import (
    AskCode,
    Closing,
    Dialing,
    Ended,
    Ending,
    Farewell,
    LockedOut,
    Placing,
    Queued,
    SessionId,
    Silence,
    Verified,
    WrongCode,
)
from state.model.work import CheckCall, HangUp, RemindUnlocked, ShowCall, ShowProgress
from state.rules.call_events import Deferred, HungUp, PickedUp, Placed, PlaceFailed
from state.usecases.verification.read_attempts import history_of
from state.usecases.verification.run_call import CallToPlace, HeardDigits
from tests.state.usecases.desk import CHAT, OTHER_CHAT, PEPPERS, Desk
from tests.support.builders import ADA, BEN, NUMBER, a_destination, policy
from tests.support.fakes import START

NOBODY = SessionId("f" * 32)


async def test_the_right_code_verifies_and_updates_the_message(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()

    prompts = await desk.key(await desk.code())

    verification = await desk.look().verifications.load(ADA)
    key = (await desk.session()).number_key
    assert prompts == [Farewell(Ending.VERIFIED)]
    assert verification.proved == Verified(START, key)
    assert await desk.look().numbers.verified_by(key) == ADA
    assert desk.tasks(ShowProgress) == [ShowProgress(freelancer_id=ADA, opened=("phone",))]
    (done,) = await desk.look().accounts.completions(ADA)
    assert (done.step, done.proof) == (StepId("phone"), f"verification:{session}")


async def test_a_step_completed_before_is_not_announced_again(desk: Desk) -> None:
    await desk.arrive(phone_verified=True)
    await desk.run(lambda do: do.edit_number(ADA, "+12025550123"))
    await desk.reach_code()

    await desk.key(await desk.code())

    assert desk.tasks(ShowProgress)[-1] == ShowProgress(freelancer_id=ADA)


async def test_a_spoken_code_counts_like_a_keyed_one(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    code = await desk.code()

    prompts = await desk.happen(HeardDigits(said=" ".join(code), confidence=0.8))

    assert prompts == [Farewell(Ending.VERIFIED)]


async def test_uncertain_speech_is_asked_for_again_and_the_star_key_repeats(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    code = await desk.code()

    prompts = await desk.happen(HeardDigits(said=code, confidence=0.05), HeardDigits(keyed="*"))

    assert prompts == [AskCode(misheard=True), AskCode()]


async def test_the_third_wrong_code_locks_and_schedules_a_reminder(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()

    prompts = await desk.wrong(3)

    until = START + timedelta(hours=24)
    (reminder,) = desk.rows(RemindUnlocked)
    assert prompts == [WrongCode(2), WrongCode(1), Farewell(Ending.LOCKED)]
    assert await desk.round() == LockedOut(until)
    assert (reminder.due_at, reminder.lane) == (until, f"chat:{CHAT}")


async def test_the_code_of_an_earlier_call_is_wrong_in_the_next(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    former = await desk.code()
    await desk.happen(HungUp(Ending.ABANDONED))
    desk.clock.forward(minutes=2)
    await desk.reach_code()

    assert await desk.key(former) == [WrongCode(2)]


async def test_a_number_verified_elsewhere_is_revealed_only_after_the_right_code(
    desk: Desk,
) -> None:
    await desk.arrive()
    await desk.arrive(BEN, OTHER_CHAT)
    await desk.reach_code()
    await desk.key(await desk.code())
    desk.clock.forward(minutes=2)
    session = await desk.reach_code(BEN)

    code = HeardDigits(keyed=await desk.code(BEN))
    prompts = await desk.happen(HeardDigits(keyed="000000"), code, session_id=session)

    assert prompts == [WrongCode(2), Farewell(Ending.NUMBER_IN_USE)]
    assert await desk.look().accounts.completions(BEN) == ()


async def test_every_visible_change_queues_an_edit_under_its_own_key(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.happen(HeardDigits(keyed="12"))  # asked again: nothing to see in the chat
    await desk.wrong()
    await desk.key(await desk.code())

    rows = desk.rows(ShowCall)
    # asked for, ringing, hash key, code, two left, verified
    assert len(rows) == 6
    assert len({row.key for row in rows}) == 6


async def test_the_audit_trail_records_events_without_code_or_number(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong()
    await desk.key(await desk.code(), times=2)

    trail = desk.database.tables.audit.values()
    assert desk.audit()[-7:] == [
        "call.requested",
        "call.ringing",
        "call.answered",
        "call.acknowledged",
        "call.wrong_code",
        "call.verified",
        "call.late_event",
    ]
    assert await desk.code() not in repr(trail)
    assert NUMBER not in repr(trail)


async def test_no_stored_row_contains_the_code(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()

    assert await desk.code() not in repr(desk.database.tables)


async def test_a_request_for_an_unknown_session_is_hung_up(desk: Desk) -> None:
    assert await desk.happen(PickedUp(), HeardDigits(), session_id=NOBODY) == [Silence()] * 2
    assert await desk.run(lambda do: do.claim_call(NOBODY)) is None
    await desk.run(lambda do: do.review_call(NOBODY))


# ---------------------------------------------------------------- placing and time


async def test_a_queued_call_is_claimed_once(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    session = await desk.session()

    first = await desk.run(lambda do: do.claim_call(session.id))
    second = await desk.run(lambda do: do.claim_call(session.id))

    assert first == CallToPlace(
        session_id=session.id,
        freelancer_id=ADA,
        number=NUMBER,
        expires_at=session.expires_at,
        channel=Channel.CALL,
        code=None,
    )
    assert second is None
    assert NUMBER not in repr(first)


async def test_a_call_that_expired_in_the_queue_is_not_placed(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    session = await desk.session()
    desk.clock.forward(minutes=10)

    assert await desk.run(lambda do: do.claim_call(session.id)) is None
    assert (await desk.session()).phase == Ended(Ending.PROVIDER_FAILED, desk.clock.now())


async def test_a_deferred_call_can_be_claimed_again_with_a_new_timeout(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    session = (await desk.session()).id
    await desk.run(lambda do: do.claim_call(session))
    await desk.happen(Deferred())
    desk.clock.forward(minutes=1)

    again = await desk.run(lambda do: do.claim_call(session))

    due = [row.due_at - START for row in desk.rows(CheckCall)]
    assert again is not None
    assert due == [timedelta(seconds=600), timedelta(seconds=90), timedelta(seconds=150)]


@pytest.mark.parametrize(
    ("seconds", "phase"),
    [
        (89, Placing(START)),
        (90, Ended(Ending.PROVIDER_FAILED, START + timedelta(seconds=90))),
    ],
)
async def test_an_unconfirmed_call_fails_after_ninety_seconds(
    desk: Desk, seconds: int, phase: object
) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    session = (await desk.session()).id
    await desk.run(lambda do: do.claim_call(session))
    desk.clock.forward(seconds=seconds)

    await desk.run(lambda do: do.review_call(session))

    assert (await desk.session()).phase == phase


async def test_a_call_that_failed_at_the_provider_counts_only_as_a_request(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))

    await desk.happen(PlaceFailed(Ending.NUMBER_REJECTED))

    session = await desk.session()
    to = a_destination(key=session.number_key)
    history = await history_of(
        desk.look(), ADA, to, peppers=PEPPERS, now=START, policy=policy().verification
    )
    assert (history.freelancer_calls_at, history.number_calls_at) == ((), ())
    assert (history.freelancer_asks_at, history.last_call_at) == ((START,), START)


async def test_hanging_up_at_the_code_prompt_schedules_a_check_soon(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()
    await desk.happen(HungUp(Ending.ABANDONED))
    assert (await desk.session()).phase == Closing(START)

    desk.clock.forward(seconds=5)
    await desk.run(lambda do: do.review_call(session))

    assert (await desk.session()).phase == Ended(Ending.ABANDONED, desk.clock.now())
    assert desk.rows(CheckCall)[-1].due_at == desk.clock.now()


async def test_an_expired_call_is_hung_up(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()
    desk.clock.forward(minutes=10)

    await desk.run(lambda do: do.review_call(session))

    assert desk.tasks(HangUp) == [HangUp(session_id=session, sid=f"CA-{session}")]


@pytest.mark.parametrize(("claimed", "hung_up"), [(False, 0), (True, 1)])
async def test_cancelling_hangs_up_only_a_call_that_may_ring(
    desk: Desk, claimed: bool, hung_up: int
) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    session = (await desk.session()).id
    await desk.happen(*[Placed("CA1")] * claimed)
    assert isinstance((await desk.session()).phase, Dialing if claimed else Queued)

    assert await desk.run(lambda do: do.cancel_call(ADA)) is True
    assert await desk.run(lambda do: do.cancel_call(ADA)) is False
    assert len(desk.tasks(HangUp)) == hung_up
    assert desk.rows(ShowCall)[-1].task == ShowCall(session_id=session)


async def test_the_progress_shown_after_success_includes_the_phone_step(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.key(await desk.code())

    found = await desk.run(lambda do: do.read_progress(ADA))

    assert isinstance(found, Progress)
    assert (found.earned, found.steps[-1].standing) == (10, Done(START))
