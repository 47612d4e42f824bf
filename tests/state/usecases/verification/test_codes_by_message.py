"""Codes that a message brings: sent once, typed into the chat, counted like any other."""

import pytest

from state.model.account import FreelancerId
from state.model.alarm import Alarm
from state.model.channel import AwaitingTyped, Channel, Reached
from state.model.verification import (
    Ended,
    Ending,
    Farewell,
    PlaceCall,
    Prompt,
    Queued,
    Running,
    WaitUntil,
    WrongCode,
)
from state.model.work import AlertOperator, HangUp
from state.rules.call_events import HungUp, MessageReached, Placed, TimePassed
from state.usecases.verification.read_call import ReadCode
from state.usecases.verification.run_call import CallToPlace, NotAwaited, SubmitCode
from tests.state.usecases.desk import OTHER_CHAT, PEPPERS, Desk
from tests.support.builders import ADA, BEN, NUMBER, policy

STRANGER = FreelancerId("f-9")


async def claim(desk: Desk) -> CallToPlace:
    await desk.run(lambda do: do.request_call(ADA, Channel.GATEWAY))
    session = await desk.session()
    claimed = await desk.run(lambda do: do.claim_call(session.id))
    assert claimed is not None
    return claimed


async def be_sent(desk: Desk) -> CallToPlace:
    claimed = await claim(desk)
    await desk.happen(Placed("M1"))
    return claimed


async def type_(desk: Desk, text: str) -> Prompt | NotAwaited:
    return await desk.database.transact(
        lambda unit: SubmitCode(unit=unit, policy=policy(), clock=desk.clock, peppers=PEPPERS)(
            ADA, text
        )
    )


async def read_code(desk: Desk) -> str | None:
    session = await desk.session()
    return await desk.database.transact(
        lambda unit: ReadCode(unit=unit, policy=policy(), peppers=PEPPERS)(session.id)
    )


async def test_whoever_sends_the_message_gets_the_code_and_nothing_prints_it(desk: Desk) -> None:
    await desk.arrive()

    claimed = await claim(desk)

    assert (claimed.channel, claimed.code) == (Channel.GATEWAY, await desk.code())
    assert await desk.code() not in repr(claimed)
    assert NUMBER not in repr(claimed)


async def test_the_chat_that_takes_the_code_does_not_show_it(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    session = await desk.session()

    screen = await desk.run(lambda do: do.read_call_screen(session.id))

    assert screen is not None
    assert (screen.channel, screen.code) == (Channel.GATEWAY, None)


async def test_a_typed_code_is_judged_however_it_is_grouped(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    code = await desk.code()

    wrong = await type_(desk, f"{(int(code) + 1) % 1_000_000:06d}")
    right = await type_(desk, f" {code[:3]}-{code[3:]} ")

    assert (wrong, right) == (WrongCode(2), Farewell(Ending.VERIFIED))
    assert await read_code(desk) == code
    assert desk.tasks(HangUp) == [
        HangUp(session_id=(await desk.session()).id, sid="M1", channel=Channel.GATEWAY)
    ]


async def test_a_code_is_no_secret_to_read_before_it_was_entered(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    running = await read_code(desk)
    await desk.run(lambda do: do.cancel_call(ADA))

    assert running is None
    assert await read_code(desk) is None


@pytest.mark.parametrize("channel", [Channel.CALL, None])
async def test_where_no_code_is_awaited_none_is_judged(
    desk: Desk, channel: Channel | None
) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA, channel or Channel.CALL))

    assert await type_(desk, await desk.code()) == NotAwaited()


async def test_nobody_asked_for_a_code_and_nobody_is_judged(desk: Desk) -> None:
    assert await type_(desk, "123456") == NotAwaited()


async def test_reports_are_written_down_once_each(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)

    await desk.happen(
        MessageReached(Reached.SENT),
        MessageReached(Reached.DELIVERED),
        MessageReached(Reached.READ),
        MessageReached(Reached.DELIVERED),
        HungUp(Ending.NOT_DELIVERED),
    )

    assert desk.audit()[-3:] == ["call.sent", "call.delivered", "call.read"]
    assert (await desk.session()).phase == AwaitingTyped(Reached.READ)


async def test_call_and_message_are_one_session_at_a_time(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)

    assert isinstance(await desk.run(lambda do: do.request_call(ADA)), Running)


# ---------------------------------------------------------------- in the way of others


async def test_a_call_of_another_account_that_ran_out_unseen_frees_its_number(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    await desk.arrive(BEN, OTHER_CHAT)
    desk.clock.forward(minutes=10)

    decision = await desk.run(lambda do: do.request_call(BEN))

    assert decision == PlaceCall()
    assert (await desk.session(ADA)).phase == Ended(Ending.PROVIDER_FAILED, desk.clock.now())
    assert (await desk.session(BEN)).phase == Queued()


async def test_a_number_that_came_without_a_key_gets_one_when_it_is_called(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.unit.numbers.set_current(ADA, NUMBER, None, desk.clock.now()))
    await desk.reach_code()

    [farewell] = await desk.key(await desk.code())

    assert farewell == Farewell(Ending.VERIFIED)


async def test_a_clock_that_cannot_be_trusted_is_told_to_the_operator_once(desk: Desk) -> None:
    await desk.arrive()
    desk.clock.steady = False

    decisions = [await desk.run(lambda do: do.request_call(ADA)) for _ in range(3)]

    assert [type(each) for each in decisions] == [WaitUntil] * 3
    assert desk.tasks(AlertOperator) == [AlertOperator(what=Alarm.CLOCK)]


async def test_time_that_passes_without_consequence_is_no_news(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    before = len(desk.audit())

    await desk.happen(TimePassed())

    assert len(desk.audit()) == before
