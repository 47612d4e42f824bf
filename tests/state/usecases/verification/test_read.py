"""What /verify shows, the message of a call, and whether a reminder still makes sense."""

from datetime import timedelta

import pytest

from state.model.account import Progress
from state.model.channel import Channel
from state.model.verification import (
    AlreadyVerified,
    AwaitingCode,
    Ended,
    Ending,
    PlaceCall,
    Reason,
    Running,
    SessionId,
    WaitUntil,
)
from state.rules.phone_number import NumberRefusal
from state.rules.standing import CallRunning, Locked, NotStarted, VerifiedStanding
from state.usecases.verification.read import VerificationView
from state.usecases.verification.read_call import CallScreen
from tests.state.usecases.desk import CHAT, Desk
from tests.support.builders import ADA
from tests.support.fakes import START

TOMORROW = START + timedelta(hours=24)


async def view(desk: Desk) -> VerificationView:
    return await desk.run(lambda do: do.read_verification(ADA))


async def screen(desk: Desk) -> CallScreen:
    session = (await desk.session()).id
    found = await desk.run(lambda do: do.read_call_screen(session))
    assert found is not None
    return found


async def test_a_new_freelancer_may_request_a_call(desk: Desk) -> None:
    await desk.arrive()

    assert await view(desk) == VerificationView(
        standing=NotStarted(),
        number="+44 … 56",
        refused=None,
        decision=PlaceCall(),
        attempts=3,
    )


@pytest.mark.parametrize(
    ("phone", "number", "refused"),
    [(None, None, None), ("+19005550123", "+1 … 23", NumberRefusal.KIND)],
)
async def test_without_a_callable_number_no_call_can_be_requested(
    desk: Desk, phone: str | None, number: str | None, refused: NumberRefusal | None
) -> None:
    await desk.arrive(phone=phone)

    found = await view(desk)

    assert (found.number, found.refused, found.decision) == (number, refused, None)


async def test_a_running_call_is_shown_even_if_the_number_is_verified_on_record(
    desk: Desk,
) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.arrive(phone_verified=True, as_of=START + timedelta(hours=1))

    found = await view(desk)

    session = await desk.session()
    assert found.standing == CallRunning(session=session, tries_left=3)
    assert found.decision == Running(session)


async def test_a_lock_is_shown_with_its_end(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    found = await view(desk)

    assert found.standing == Locked(TOMORROW)
    assert found.decision == WaitUntil(TOMORROW, Reason.LOCKED)


async def test_a_number_verified_on_record_is_verified(desk: Desk) -> None:
    await desk.arrive(phone_verified=True)

    found = await view(desk)

    assert (found.standing, found.decision) == (VerifiedStanding(START), AlreadyVerified(START))


# ---------------------------------------------------------------- the message of a call


async def test_while_the_call_runs_the_message_shows_its_code(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong()
    code = await desk.code()

    found = await screen(desk)

    assert found == CallScreen(
        session_id=(await desk.session()).id,
        freelancer_id=ADA,
        chat_id=CHAT,
        phase=AwaitingCode(),
        channel=Channel.CALL,
        number="+44 … 56",
        code=f"{code[:3]} {code[3:]}",
        tries_left=2,
        cost_a_try=True,
        expires_at=START + timedelta(minutes=10),
        locked_until=None,
        wait=None,
        progress=None,
    )
    assert code[:3] not in repr(found)


async def test_a_wrong_code_of_an_earlier_call_is_not_mentioned(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong()
    await desk.run(lambda do: do.cancel_call(ADA))
    desk.clock.forward(minutes=1)
    await desk.reach_code()

    found = await screen(desk)

    assert (found.tries_left, found.cost_a_try) == (2, False)


async def test_after_the_end_the_message_shows_why_another_call_has_to_wait(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.run(lambda do: do.cancel_call(ADA))

    found = await screen(desk)

    assert found.wait == WaitUntil(START + timedelta(minutes=1), Reason.TOO_SOON)


async def test_after_success_the_message_shows_progress_and_no_code(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.key(await desk.code())

    found = await screen(desk)

    assert found.code is None
    assert found.phase == Ended(Ending.VERIFIED, START)
    assert isinstance(found.progress, Progress)
    assert found.progress.earned == 10


async def test_a_locked_call_shows_the_end_of_the_lock_and_no_code(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    found = await screen(desk)

    assert (found.code, found.tries_left, found.locked_until) == (None, 0, TOMORROW)


async def test_an_expired_code_is_not_shown_even_before_the_timeout_is_processed(
    desk: Desk,
) -> None:
    await desk.arrive()
    await desk.reach_code()
    desk.clock.forward(minutes=10)

    assert (await screen(desk)).code is None


async def test_an_unlinked_chat_is_not_shown_the_call(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.run(lambda do: do.unlink_chat(CHAT))

    assert (await screen(desk)).chat_id is None


async def test_an_erased_session_has_no_message(desk: Desk) -> None:
    assert await desk.run(lambda do: do.read_call_screen(SessionId("f" * 32))) is None


# ---------------------------------------------------------------- the reminder


@pytest.mark.parametrize(("hours", "sensible"), [(23.9, False), (24, True)])
async def test_a_reminder_is_sent_once_the_lock_is_over(
    desk: Desk, hours: float, sensible: bool
) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)
    desk.clock.forward(hours=hours)

    assert await desk.run(lambda do: do.read_reminder(ADA)) is sensible


async def test_no_reminder_is_sent_after_a_new_attempt_or_success(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)
    desk.clock.forward(hours=24)
    await desk.reach_code()

    assert await desk.run(lambda do: do.read_reminder(ADA)) is False


async def test_no_reminder_is_sent_if_the_step_is_done_on_record(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)
    await desk.arrive(phone_verified=True, as_of=START + timedelta(hours=1))
    desk.clock.forward(hours=24)

    assert await desk.run(lambda do: do.read_reminder(ADA)) is False
