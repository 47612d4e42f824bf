"""Turns of several lanes are one commit, and their replies go straight on to delivery."""

import json

from bot.presentation.reply import Replies, Reply
from state.model.work import Incoming
from state.ports import UnitOfWork
from tests.support.fakes import START
from tests.support.inbox import head_of
from tests.support.scripted import ADA, CHAT, LANE, USER, Handed, Scripted, a_message, a_press

BEN = 1002
BENS_LANE = f"chat:{BEN}"


async def received(script: Scripted, *updates: tuple[str, object]) -> None:
    rows = [
        Incoming(
            update_id=n,
            lane=lane,
            payload=json.dumps({"update_id": n, **dict(content)}),  # type: ignore[call-overload]
            received_at=START,
        )
        for n, (lane, content) in enumerate(updates, 1)
    ]
    await script.database.inbox_queue.store(rows)


def from_ben() -> dict[str, object]:
    chat, user = {**CHAT, "id": BEN}, {**USER, "id": BEN}
    return {"message": {"message_id": 1, "date": 0, "chat": chat, "from": user, "text": "hi"}}


async def test_two_lanes_share_a_commit_and_their_replies_are_handed_over() -> None:
    script = Scripted()
    await received(script, (LANE, a_message()), (BENS_LANE, from_ben()))

    more = await script.turns().run([LANE, BENS_LANE])

    assert more == frozenset()
    assert [row.lane for row in script.handover.rows] == [LANE, BENS_LANE]
    assert script.handover.held == []
    assert [entry.open for entry in script.database.tables.inbox.values()] == [False, False]


async def test_a_lane_with_more_updates_is_reported_and_keeps_their_order() -> None:
    script = Scripted()
    await received(script, (LANE, a_message("one")), (LANE, a_message("two")))

    more = await script.turns().run([LANE])

    assert more == {LANE}
    assert [entry.open for entry in script.database.tables.inbox.values()] == [False, True]


async def test_if_one_turn_fails_the_others_are_run_separately() -> None:
    async def fail_once_for_ben(unit: UnitOfWork) -> Replies:
        head = await head_of(unit, BENS_LANE)
        if head is not None and script.runs % 2 == 0:
            raise ValueError("Ben's handler is broken")
        return [Reply(template="hello")]

    script = Scripted(handle=fail_once_for_ben)
    await received(script, (LANE, a_message()), (BENS_LANE, from_ben()))

    await script.turns().run([LANE, BENS_LANE])

    entries = script.database.tables.inbox
    assert script.sent == [(ADA, "hello in de")]
    assert (entries[1].open, entries[2].open, entries[2].row.tries) == (False, True, 1)
    assert [row.lane for row in script.handover.rows] == [LANE]
    assert script.handover.held == []


async def test_replies_in_lanes_claimed_by_others_are_handed_over_without_a_claim() -> None:
    script = Scripted(handover=Handed(theirs=frozenset({LANE})))
    await received(script, (LANE, a_message()))

    await script.turns().run([LANE])

    assert [row.lane for row in script.handover.rows] == [LANE]
    assert script.sent == [(ADA, "hello in de")]


async def test_rows_to_deliver_earlier_are_passed_along() -> None:
    script = Scripted()
    await received(script, (LANE, a_message("one")), (LANE, a_message("two")))
    turns = script.turns()
    await turns.run([LANE])

    await turns.run([LANE])

    first, second = script.handover.rows
    assert script.handover.earlier == {LANE: frozenset({first.id})}
    assert second.id > first.id


async def test_a_button_press_is_answered_after_the_commit() -> None:
    script = Scripted()
    await received(script, (LANE, a_press()))

    await script.turns().run([LANE])

    assert script.pressed == ["q1"]


async def test_a_lane_with_an_unread_question_is_skipped_and_the_others_continue() -> None:
    script = Scripted(unread=frozenset({1}))
    await received(
        script, (LANE, a_message("long")), (LANE, a_message("next")), (BENS_LANE, from_ben())
    )
    turns = script.turns()

    more = await turns.run([LANE, BENS_LANE])
    first = [entry.open for entry in script.database.tables.inbox.values()]
    script.unread = frozenset()
    later = await turns.run([LANE])

    assert more == frozenset()
    assert first == [True, True, False]
    assert later == {LANE}
    assert [entry.open for entry in script.database.tables.inbox.values()] == [False, True, False]


async def test_a_batch_without_any_ready_lane_does_nothing() -> None:
    script = Scripted(unread=frozenset({1}))
    await received(script, (LANE, a_message("long")))

    assert await script.turns().run([LANE]) == frozenset()
    assert script.sent == []
