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


async def test_a_claimed_message_carries_the_code_and_its_repr_hides_it(desk: Desk) -> None:
    await desk.arrive()

    claimed = await claim(desk)

    assert (claimed.channel, claimed.code) == (Channel.GATEWAY, await desk.code())
    assert await desk.code() not in repr(claimed)
    assert NUMBER not in repr(claimed)


async def test_the_chat_that_awaits_the_code_does_not_show_it(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    session = await desk.session()

    screen = await desk.run(lambda do: do.read_call_screen(session.id))

    assert screen is not None
    assert (screen.channel, screen.code) == (Channel.GATEWAY, None)


async def test_a_typed_code_is_accepted_in_any_grouping(desk: Desk) -> None:
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


async def test_the_code_of_a_message_is_not_shown_before_it_was_entered(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    running = await read_code(desk)
    await desk.run(lambda do: do.cancel_call(ADA))

    assert running is None
    assert await read_code(desk) is None


@pytest.mark.parametrize("channel", [Channel.CALL, None])
async def test_a_code_typed_while_none_is_awaited_is_not_checked(
    desk: Desk, channel: Channel | None
) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA, channel or Channel.CALL))

    assert await type_(desk, await desk.code()) == NotAwaited()


async def test_a_code_typed_without_a_request_is_not_checked(desk: Desk) -> None:
    assert await type_(desk, "123456") == NotAwaited()


async def test_each_report_is_recorded_once(desk: Desk) -> None:
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


async def test_call_and_message_share_one_session(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)

    assert isinstance(await desk.run(lambda do: do.request_call(ADA)), Running)


# ---------------------------------------------------------------- in the way of others


async def test_an_unnoticed_expired_call_of_another_account_frees_its_number(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.request_call(ADA))
    await desk.arrive(BEN, OTHER_CHAT)
    desk.clock.forward(minutes=10)

    decision = await desk.run(lambda do: do.request_call(BEN))

    assert decision == PlaceCall()
    assert (await desk.session(ADA)).phase == Ended(Ending.PROVIDER_FAILED, desk.clock.now())
    assert (await desk.session(BEN)).phase == Queued()


async def test_a_number_stored_without_a_key_gets_one_when_called(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(lambda do: do.unit.numbers.set_current(ADA, NUMBER, None, desk.clock.now()))
    await desk.reach_code()

    [farewell] = await desk.key(await desk.code())

    assert farewell == Farewell(Ending.VERIFIED)


async def test_an_unreliable_clock_alerts_the_operator_once(desk: Desk) -> None:
    await desk.arrive()
    desk.clock.steady = False

    decisions = [await desk.run(lambda do: do.request_call(ADA)) for _ in range(3)]

    assert [type(each) for each in decisions] == [WaitUntil] * 3
    assert desk.tasks(AlertOperator) == [AlertOperator(what=Alarm.CLOCK)]


async def test_a_timer_without_effect_changes_nothing(desk: Desk) -> None:
    await desk.arrive()
    await be_sent(desk)
    before = len(desk.audit())

    await desk.happen(TimePassed())

    assert len(desk.audit()) == before
