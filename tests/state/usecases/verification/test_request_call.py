"""Asking for a call commits the session, the message and the task to dial, or says why not."""

from datetime import timedelta
from typing import Any

import pytest

from state.model.verification import (
    AlreadyVerified,
    Ended,
    Ending,
    PlaceCall,
    Queued,
    Reason,
    Running,
    WaitUntil,
)
from state.model.work import CheckCall, DialNumber, RemindUnlocked, ShowCall, ShowProgress
from state.rules.call_events import HungUp
from state.rules.phone_number import NumberRefusal, NumberRefused
from state.usecases.verification.number_in_use import NoNumber
from tests.state.usecases.desk import CHAT, OTHER_CHAT, Desk
from tests.support.builders import ADA, BEN, NUMBER, an_account
from tests.support.fakes import START


async def request(desk: Desk, who: str = ADA) -> object:
    return await desk.run(lambda do: do.request_call(ADA if who == ADA else BEN))


async def test_a_granted_call_queues_its_message_its_order_and_its_timeout(desk: Desk) -> None:
    await desk.arrive()

    decision = await request(desk)

    session = await desk.session()
    assert decision == PlaceCall()
    assert (session.phase, session.number) == (Queued(), NUMBER)
    assert [(row.task, row.lane, row.due_at) for row in desk.rows()] == [
        (ShowCall(session_id=session.id, fresh=True), f"chat:{CHAT}", START),
        (DialNumber(session_id=session.id), f"call:{session.id}", START),
        (CheckCall(session_id=session.id), f"check:{session.id}", START + timedelta(minutes=10)),
    ]
    assert "call.requested" in desk.audit()


async def test_a_second_request_returns_the_running_call(desk: Desk) -> None:
    await desk.arrive()
    await request(desk)

    assert await request(desk) == Running(await desk.session())
    assert len(desk.tasks(DialNumber)) == 1


@pytest.mark.parametrize(
    ("phone", "answer"),
    [
        (None, NoNumber()),
        ("+19005550123", NumberRefused(NumberRefusal.KIND)),
        ("+33612345678", NumberRefused(NumberRefusal.REGION)),
        ("my mobile", NumberRefused(NumberRefusal.UNREADABLE)),
    ],
)
async def test_without_a_callable_number_no_call_is_queued(
    desk: Desk, phone: str | None, answer: object
) -> None:
    await desk.arrive(phone=phone)

    assert await request(desk) == answer
    assert desk.tasks(DialNumber) == []


@pytest.mark.parametrize(
    ("account", "answer"),
    [
        ({"phone_verified": True}, AlreadyVerified(START)),
        ({"phone_verified": False}, PlaceCall()),
    ],
)
async def test_a_number_verified_on_record_needs_no_call(
    desk: Desk, account: dict[str, Any], answer: object
) -> None:
    await desk.arrive(**account)

    assert await request(desk) == answer


async def test_a_number_other_than_the_one_on_record_needs_a_call(desk: Desk) -> None:
    await desk.arrive(phone_verified=True)
    await desk.run(lambda do: do.edit_number(ADA, "+12025550123"))

    assert await request(desk) == PlaceCall()


async def test_a_second_call_waits_a_minute_and_a_fourth_waits_a_day(desk: Desk) -> None:
    await desk.arrive()
    answers = []
    for _ in range(4):
        answers.append(await request(desk))
        await desk.happen(HungUp(Ending.NO_ANSWER))
        answers.append(await request(desk))
        desk.clock.forward(seconds=60)

    minute = timedelta(minutes=1)
    full = WaitUntil(START + timedelta(hours=24), Reason.CALLS_PER_NUMBER)
    assert answers == [
        PlaceCall(),
        WaitUntil(START + minute, Reason.TOO_SOON),
        PlaceCall(),
        WaitUntil(START + 2 * minute, Reason.TOO_SOON),
        PlaceCall(),
        full,
        full,
        full,
    ]


async def test_an_expired_call_is_ended_by_a_new_request(desk: Desk) -> None:
    await desk.arrive()
    await request(desk)
    first = (await desk.session()).id
    desk.clock.forward(minutes=11)

    decision = await request(desk)

    former = await desk.look().verifications.of_session(first)
    assert decision == PlaceCall()
    assert former is not None
    assert former.session is not None
    assert former.session.phase == Ended(Ending.PROVIDER_FAILED, desk.clock.now())


async def test_a_number_being_called_for_another_account_is_busy(desk: Desk) -> None:
    await desk.arrive()
    await desk.arrive(BEN, OTHER_CHAT)
    await request(desk)

    assert await request(desk, BEN) == WaitUntil(START + timedelta(minutes=10), Reason.NUMBER_BUSY)


async def test_a_lock_applies_to_the_number_on_another_account(desk: Desk) -> None:
    await desk.arrive()
    await desk.arrive(BEN, OTHER_CHAT)
    await desk.reach_code()
    await desk.wrong(3)
    until = START + timedelta(hours=24)

    assert await request(desk) == WaitUntil(until, Reason.LOCKED)
    assert await request(desk, BEN) == WaitUntil(until, Reason.NUMBER_LOCKED)


async def test_a_lock_survives_unlinking_and_linking_again(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)
    await desk.run(lambda do: do.unlink_chat(CHAT))

    await desk.arrive(ADA, OTHER_CHAT)

    assert await request(desk) == WaitUntil(START + timedelta(hours=24), Reason.LOCKED)


async def test_a_call_can_be_requested_without_a_chat(desk: Desk) -> None:
    await desk.run(lambda do: do.take_snapshot(an_account()))

    assert await request(desk) == PlaceCall()
    assert desk.tasks(ShowCall) == []


@pytest.mark.parametrize(("wrong", "ending"), [(0, Ending.VERIFIED), (3, Ending.LOCKED)])
async def test_a_call_without_a_chat_ends_without_a_message(
    desk: Desk, wrong: int, ending: Ending
) -> None:
    await desk.run(lambda do: do.take_snapshot(an_account()))
    await desk.reach_code()

    await desk.wrong(wrong)
    await desk.key(await desk.code())

    assert (await desk.session()).phase == Ended(ending, START)
    assert desk.tasks(ShowCall, ShowProgress, RemindUnlocked) == []
