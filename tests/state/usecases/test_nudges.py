"""A reminder a week, by agreement, and only while it makes sense."""

from datetime import timedelta
from typing import Any

import pytest

from state.model.account import PlanId
from state.model.work import Nudge
from state.rules.nudging import EVERY
from state.usecases.nudges import NudgeLater, NudgeNow, NudgesOver, Outdated
from tests.state.usecases.desk import CHAT, Desk
from tests.support.builders import a_profile, an_account
from tests.support.fakes import START

NOON_IN_LONDON = {"extra": {"timezone": "Europe/London"}}


async def opt_in(desk: Desk, **account: Any) -> Nudge:
    await desk.arrive(**NOON_IN_LONDON | account)
    await desk.run(lambda do: do.set_nudges(CHAT, enabled=True))
    return planned(desk)


def planned(desk: Desk) -> Nudge:
    [*_, last] = [row.task for row in desk.rows(Nudge)]
    assert isinstance(last, Nudge)
    return last


async def read(desk: Desk, nudge: Nudge) -> object:
    return await desk.run(lambda do: do.read_nudge(CHAT, nudge.planned_for))


async def test_the_first_reminder_is_due_in_a_week(desk: Desk) -> None:
    nudge = await opt_in(desk)

    [row] = desk.rows(Nudge)
    assert row.due_at == START + EVERY
    assert nudge.planned_for == (START + EVERY).isoformat()


async def test_switching_reminders_on_twice_schedules_one(desk: Desk) -> None:
    await opt_in(desk)

    at = await desk.run(lambda do: do.set_nudges(CHAT, enabled=True))

    assert at == START + EVERY
    assert len(desk.rows(Nudge)) == 1


async def test_switching_off_and_on_brings_no_reminder_earlier(desk: Desk) -> None:
    first = await opt_in(desk)
    desk.clock.forward(hours=24)
    await desk.run(lambda do: do.set_nudges(CHAT, enabled=False))
    again = await desk.run(lambda do: do.set_nudges(CHAT, enabled=True))
    desk.clock.moment = START + EVERY

    assert again == START + EVERY + timedelta(days=1)
    assert await read(desk, first) == Outdated()


async def test_a_reminder_is_due_while_steps_are_left(desk: Desk) -> None:
    nudge = await opt_in(desk)
    desk.clock.moment = START + EVERY

    decision = await read(desk, nudge)

    assert isinstance(decision, NudgeNow)
    assert decision.progress.earned == 0


async def test_reminders_end_when_all_steps_are_done(desk: Desk) -> None:
    nudge = await opt_in(desk)
    done = an_account(
        as_of=START + timedelta(days=1),
        profile=a_profile(),
        plan=PlanId("individual"),
        **NOON_IN_LONDON,
    )
    await desk.run(lambda do: do.take_snapshot(done))
    desk.clock.moment = START + EVERY

    assert await read(desk, nudge) == NudgesOver()


async def test_a_reminder_delivered_late_at_night_is_postponed_to_the_morning(desk: Desk) -> None:
    nudge = await opt_in(desk)
    desk.clock.moment = START + EVERY + timedelta(hours=12)

    decision = await read(desk, nudge)

    assert decision == NudgeLater(START + EVERY + timedelta(hours=22))


async def test_without_a_snapshot_the_reminder_is_postponed_by_a_week(desk: Desk) -> None:
    offered = await desk.run(lambda do: do.offer_link(an_account().id))
    await desk.run(lambda do: do.link_chat(CHAT, offered.token))
    await desk.run(lambda do: do.set_nudges(CHAT, enabled=True))
    desk.clock.moment = (await desk.look().chats.get(CHAT)).nudge_at  # type: ignore[union-attr, assignment]  # it was planned above

    decision = await read(desk, planned(desk))

    assert isinstance(decision, NudgeLater)
    assert decision.at - desk.clock.now() >= EVERY


async def test_a_sent_reminder_schedules_the_next_one(desk: Desk) -> None:
    nudge = await opt_in(desk)
    desk.clock.moment = START + EVERY

    await desk.run(lambda do: do.go_on_nudging(CHAT, nudge.planned_for))

    assert [row.due_at for row in desk.rows(Nudge)] == [START + EVERY, START + 2 * EVERY]
    assert await read(desk, nudge) == Outdated()


async def test_switching_off_during_the_delivery_schedules_no_further_reminder(desk: Desk) -> None:
    nudge = await opt_in(desk)
    await desk.run(lambda do: do.set_nudges(CHAT, enabled=False))

    await desk.run(lambda do: do.go_on_nudging(CHAT, nudge.planned_for))

    assert len(desk.rows(Nudge)) == 1


@pytest.mark.parametrize("wanted", [True, False])
async def test_an_unlinked_chat_gets_no_reminders(desk: Desk, wanted: bool) -> None:
    assert await desk.run(lambda do: do.set_nudges(CHAT, enabled=wanted)) is None
    assert desk.rows(Nudge) == []


async def test_unlinking_ends_the_reminders(desk: Desk) -> None:
    nudge = await opt_in(desk)

    await desk.run(lambda do: do.unlink_chat(CHAT))

    assert await read(desk, nudge) == Outdated()
