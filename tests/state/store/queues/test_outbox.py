from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import get_args

import pytest

from state.model.account import FreelancerId, StepId
from state.model.alarm import Alarm
from state.model.chat import ChatId
from state.model.staff import StaffId
from state.model.ticket import TalkId, TicketId
from state.model.verification import SessionId
from state.model.work import (
    AlertOperator,
    CallerNews,
    CarryDeletion,
    CarryEdit,
    CarryToCaller,
    CarryToGroup,
    CheckCall,
    CloseTopic,
    DialNumber,
    DropTopic,
    EraseTraces,
    EventKind,
    GroupNews,
    HangUp,
    Nudge,
    OutboxRow,
    PullAccount,
    Queue,
    RemindUnlocked,
    SendExport,
    SendReply,
    ShowCall,
    ShowPacket,
    ShowProgress,
    Side,
    SweepOld,
    Task,
    TellCaller,
    TellErased,
    TellGroup,
    TellMarketplace,
    TellOwner,
    queue_of,
)
from state.ports import Loss, UnitOfWork
from state.store.queues.tasks import KINDS
from tests.state.store.desk import Desk
from tests.support.fakes import START

SECOND = timedelta(seconds=1)
SESSION = SessionId("5" * 32)
REPLY = SendReply(
    chat_id=ChatId(7),
    text="<b>Привіт</b>",
    keyboard={"inline_keyboard": [[{"text": "Call me", "callback_data": "call"}]]},
    matter="progress",
    edit=True,
    effect="5046509860389126442",
    reply_to=11,
)
EVERY_KIND: list[Task] = [
    REPLY,
    ShowCall(session_id=SESSION, fresh=True, chat_id=ChatId(7)),
    ShowProgress(freelancer_id=FreelancerId("f-1"), opened=("phone", "profile_80")),
    DialNumber(session_id=SESSION),
    HangUp(session_id=SESSION),
    CheckCall(session_id=SESSION),
    RemindUnlocked(freelancer_id=FreelancerId("f-1")),
    AlertOperator(what=Alarm.DECLINES, about="f-1"),
    TellMarketplace(
        event=EventKind.STEP_COMPLETED, freelancer_id=FreelancerId("f-1"), step=StepId("phone")
    ),
    PullAccount(freelancer_id=FreelancerId("f-1")),
    TellOwner(freelancer_id=FreelancerId("f-1"), number="+44 … 56"),
    Nudge(chat_id=ChatId(7), planned_for=START.isoformat()),
    SendExport(chat_id=ChatId(7)),
    TellErased(chat_id=ChatId(7), language="de"),
    EraseTraces(chat_id=ChatId(7), freelancer_id=FreelancerId("f-1")),
    SweepOld(),
    ShowPacket(ticket_id=TicketId(3), anew=True),
    CarryToGroup(talk_id=TalkId(4)),
    CarryToCaller(talk_id=TalkId(4), html="<b>Привіт</b>"),
    CarryEdit(talk_id=TalkId(4), to=Side.CALLER, html="<i>now</i>", new_file=True),
    CarryDeletion(talk_id=TalkId(4)),
    TellCaller(ticket_id=TicketId(3), news=CallerNews.TAKEN),
    TellGroup(ticket_id=TicketId(3), news=GroupNews.NOTED, by=StaffId(9), detail="calls back"),
    CloseTopic(chat_id=ChatId(7)),
    DropTopic(thread_id=12),
]


async def put(
    desk: Desk,
    key: str,
    *,
    lane: str = "chat:7",
    due_at: datetime = START,
    task: Task = REPLY,
    replace: bool = False,
) -> None:
    await desk.transact(
        lambda unit: unit.outbox.add(task, lane=lane, key=key, due_at=due_at, replace=replace)
    )


async def heads(desk: Desk, now: datetime = START, *busy: str) -> Sequence[OutboxRow]:
    return await desk.outbox_queue.due(now, limit=10, busy_lanes=busy)


async def keys(desk: Desk, now: datetime = START, *busy: str) -> list[str]:
    return [row.key for row in await heads(desk, now, *busy)]


def test_every_task_class_has_a_kind_name() -> None:
    assert set(KINDS.values()) == set(get_args(Task)) == {type(task) for task in EVERY_KIND}


@pytest.mark.parametrize("task", EVERY_KIND, ids=lambda task: type(task).__name__)
async def test_a_task_is_stored_and_read_back(desk: Desk, onlooker: Desk, task: Task) -> None:
    await put(desk, "k", task=task)

    (row,) = await onlooker.outbox_queue.due(START, limit=10, busy_lanes=(), queue=queue_of(task))

    assert row.task == task
    assert (row.lane, row.key, row.due_at, row.tries) == ("chat:7", "k", START, 0)


async def test_only_the_head_of_a_lane_is_due(desk: Desk, onlooker: Desk) -> None:
    await put(desk, "a1", lane="a")
    await put(desk, "a2", lane="a")
    await put(desk, "b1", lane="b")

    assert await keys(onlooker) == ["a1", "b1"]
    assert await keys(onlooker, START, "a") == ["b1"]
    assert await keys(onlooker, START, "a", "b") == []


TOLD = TellMarketplace(event=EventKind.LINKED, freelancer_id=FreelancerId("f-1"))
PULL = PullAccount(freelancer_id=FreelancerId("f-1"))


@pytest.mark.parametrize(
    ("queue", "keys"),
    [(Queue.CHATS, ["reply"]), (Queue.PULLS, ["pull"]), (Queue.EVENTS, ["event"])],
)
async def test_each_queue_returns_only_its_own_rows(
    desk: Desk, onlooker: Desk, queue: Queue, keys: list[str]
) -> None:
    for key, task in (("event", TOLD), ("pull", PULL), ("reply", REPLY)):
        await put(desk, key, lane=key, task=task)

    found = await onlooker.outbox_queue.due(START, limit=10, busy_lanes=(), queue=queue)

    assert [row.key for row in found] == keys


async def test_given_up_rows_are_listed_with_their_reason(desk: Desk, onlooker: Desk) -> None:
    for key, task in (("event", TOLD), ("waits", TOLD), ("reply", REPLY)):
        await put(desk, key, lane=key, task=task)
    for queue in (Queue.EVENTS, Queue.CHATS):
        row, *_ = await desk.outbox_queue.due(START, limit=1, busy_lanes=(), queue=queue)
        await desk.transact(partial(_give_up, row=row, reason=f"of {queue}"))

    assert await onlooker.outbox_queue.losses(Queue.EVENTS) == [
        Loss(at=START + SECOND, reason="of events")
    ]


async def _give_up(unit: UnitOfWork, *, row: OutboxRow, reason: str) -> None:
    await unit.outbox.give_up(row, at=START + SECOND, reason=reason)


async def test_at_most_the_requested_number_is_returned_oldest_first(
    desk: Desk, onlooker: Desk
) -> None:
    await put(desk, "a1", lane="a")
    await put(desk, "b1", lane="b")
    await put(desk, "c1", lane="c")

    few = await onlooker.outbox_queue.due(START, limit=2, busy_lanes=())

    assert [row.key for row in few] == ["a1", "b1"]


async def test_due_rows_of_given_lanes_are_returned_in_order_up_to_a_depth(
    desk: Desk, onlooker: Desk
) -> None:
    for key, lane in (("a1", "a"), ("b1", "b"), ("a2", "a"), ("c1", "c"), ("a3", "a")):
        await put(desk, key, lane=lane)
    await put(desk, "later", lane="b", due_at=START + SECOND)

    rows = await onlooker.outbox_queue.due_in(["a", "b"], START, depth=2)

    assert [row.key for row in rows] == ["a1", "b1", "a2"]


async def test_a_future_row_does_not_block_its_lane(desk: Desk, onlooker: Desk) -> None:
    await put(desk, "reminder", due_at=START + SECOND)
    await put(desk, "reply")

    assert await keys(onlooker) == ["reply"]
    assert await keys(onlooker, START + SECOND) == ["reminder"]


async def test_a_row_waiting_for_a_retry_blocks_its_lane(desk: Desk, onlooker: Desk) -> None:
    await put(desk, "first")
    await put(desk, "second")
    (head,) = await heads(desk)

    await desk.transact(
        lambda unit: unit.outbox.retry(head, not_before=START + SECOND, reason="busy")
    )

    assert await keys(onlooker) == []
    (again,) = await heads(onlooker, START + SECOND)
    assert (again.key, again.tries) == ("first", 1)


async def test_a_delivered_row_makes_the_next_one_due(desk: Desk, onlooker: Desk) -> None:
    await put(desk, "first")
    await put(desk, "second")
    (head,) = await heads(desk)

    await desk.transact(lambda unit: unit.outbox.finish(head, START))

    assert await keys(onlooker) == ["second"]


async def test_a_given_up_row_makes_the_next_one_due(desk: Desk, onlooker: Desk) -> None:
    await put(desk, "first")
    await put(desk, "second")
    (head,) = await heads(desk)

    await desk.transact(lambda unit: unit.outbox.give_up(head, at=START, reason="blocked"))

    assert await keys(onlooker) == ["second"]


async def test_a_key_is_used_once_even_after_delivery(desk: Desk, onlooker: Desk) -> None:
    await put(desk, "once")
    (head,) = await heads(desk)
    await put(desk, "once", lane="other")
    await desk.transact(lambda unit: unit.outbox.finish(head, START))

    await put(desk, "once")
    await put(desk, "once", replace=True)

    assert await heads(onlooker) == []


async def test_a_pending_row_is_replaced_on_request(desk: Desk, onlooker: Desk) -> None:
    newer = ShowProgress(freelancer_id=FreelancerId("f-1"))
    await put(desk, "k", due_at=START + SECOND)

    await put(desk, "k", task=newer, due_at=START + 2 * SECOND, replace=True)

    assert await keys(onlooker, START + SECOND) == []
    assert [row.task for row in await heads(onlooker, START + 2 * SECOND)] == [newer]


async def test_a_dropped_task_can_be_added_again(desk: Desk) -> None:
    await put(desk, "later", due_at=START + SECOND)

    await desk.transact(lambda unit: unit.outbox.drop("later"))
    await desk.transact(lambda unit: unit.outbox.drop("never there"))
    dropped = await heads(desk, START + SECOND)
    await put(desk, "later", due_at=START + SECOND)

    assert list(dropped) == []
    assert [row.key for row in await heads(desk, START + SECOND)] == ["later"]


async def test_a_delivered_task_is_not_dropped_and_its_key_stays_used(desk: Desk) -> None:
    await put(desk, "once")
    [row] = await heads(desk)
    await desk.transact(lambda unit: unit.outbox.finish(row, START))

    await desk.transact(lambda unit: unit.outbox.drop("once"))
    await put(desk, "once")

    assert list(await heads(desk)) == []


async def test_a_key_is_found_from_its_addition_until_after_delivery(desk: Desk) -> None:
    async def known() -> bool:
        return await desk.transact(lambda unit: unit.outbox.has("k"))

    before = await known()
    await put(desk, "k")
    pending = await known()
    [row] = await heads(desk)
    await desk.transact(lambda unit: unit.outbox.finish(row, START))

    assert (before, pending, await known()) == (False, True, True)
