"""What is handed over of one person, and erased, is theirs alone: the same in every store."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from state.model.account import FreelancerId, StepId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.question import Outcome, Question, QuestionId
from state.model.verification import Ended, Ending, SessionId
from state.model.work import EraseTraces, Incoming, SendReply
from state.ports import AuditEvent, RetentionLimits, UnitOfWork
from state.store.database import Database
from tests.state.store.desk import Desk
from tests.support.builders import ADA, BEN, KEY, OTHER_KEY, a_completion, a_session, an_account
from tests.support.builders import a_verification as a_round
from tests.support.fakes import START

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
CHATS = {ADA: ChatId(700), BEN: ChatId(701)}
METER = StepId("profile_80")


async def do(desk: Desk, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    return await desk.transact(work)


def a_question(chat_id: ChatId, words: str) -> Question:
    return Question(
        id=QuestionId(0),
        chat_id=chat_id,
        message_id=1,
        place=0,
        language="en",
        words=words,
        outcome=Outcome.NOTHING,
        slug=None,
        runner_up=None,
        score=0.0,
        asked_at=START,
    )


def an_offer(freelancer_id: FreelancerId, *, minute: int = 10) -> LinkOffer:
    return LinkOffer(
        freelancer_id=freelancer_id,
        token_hash=f"token {freelancer_id} {minute}",
        code_hash=f"code {freelancer_id} {minute}",
        expires_at=START + minute * MINUTE,
    )


async def both(unit: UnitOfWork) -> None:
    """Two people with the same of everything."""
    for freelancer_id, chat_id in CHATS.items():
        key = KEY if freelancer_id == ADA else OTHER_KEY
        await unit.accounts.put(an_account(id=freelancer_id))
        await unit.accounts.complete(freelancer_id, a_completion("phone"))
        await unit.accounts.revoke(freelancer_id, METER, START)
        await unit.chats.save(Chat(id=chat_id, freelancer_id=freelancer_id, nudge_at=START))
        await unit.links.add(an_offer(freelancer_id))
        await unit.questions.add(a_question(chat_id, "one"))
        await unit.questions.add(a_question(chat_id, "two"))
        await unit.living_messages.put(chat_id, "progress", 5)
        await unit.numbers.set_current(freelancer_id, f"+1{chat_id}", key, START)
        event = AuditEvent(at=START, kind="k", subject=freelancer_id, actor="a")
        await unit.audit.add(event)


async def all_of(unit: UnitOfWork, freelancer_id: FreelancerId) -> list[object]:
    chat_id = CHATS[freelancer_id]
    return [
        await unit.accounts.get(freelancer_id),
        await unit.accounts.completions(freelancer_id),
        await unit.accounts.revoked(freelancer_id),
        await unit.accounts.with_number(f"+1{chat_id}"),
        await unit.chats.get(chat_id),
        await unit.links.of(freelancer_id),
        [one.words for one in await unit.questions.of_chat(chat_id)],
        await unit.living_messages.get(chat_id, "progress"),
        await unit.numbers.all(freelancer_id),
        await unit.audit.about(freelancer_id),
    ]


@pytest.mark.parametrize(("erased", "other"), [(ADA, BEN), (BEN, ADA)])
async def test_each_repository_erases_one_person_and_keeps_the_other(
    desk: Desk, onlooker: Desk, erased: FreelancerId, other: FreelancerId
) -> None:
    await do(desk, both)
    before = await do(onlooker, lambda unit: all_of(unit, other))

    async def erase(unit: UnitOfWork) -> None:
        for part in (unit.accounts, unit.links, unit.numbers):
            await part.erase(erased)
        for place in (unit.chats, unit.questions, unit.living_messages):
            await place.erase(CHATS[erased])
        await unit.audit.erase(erased)

    await do(desk, erase)

    after = await do(onlooker, lambda unit: all_of(unit, erased))
    assert await do(onlooker, lambda unit: all_of(unit, other)) == before
    assert all(before)
    assert not any(after)


async def test_a_revoked_step_is_completed_only_by_a_later_proof(
    desk: Desk, onlooker: Desk
) -> None:
    before = replace(a_completion("profile_80"), done_at=START - MINUTE)
    later = replace(a_completion("profile_80"), done_at=START + MINUTE)
    await do(desk, lambda unit: unit.accounts.complete(ADA, before))
    await do(desk, lambda unit: unit.accounts.revoke(ADA, METER, START))

    struck = await do(onlooker, lambda unit: unit.accounts.revoked(ADA))
    by_older = await do(desk, lambda unit: unit.accounts.complete(ADA, before))
    by_later = await do(desk, lambda unit: unit.accounts.complete(ADA, later))

    assert (struck, by_older, by_later) == ({METER: START}, False, True)
    assert await do(onlooker, lambda unit: unit.accounts.completions(ADA)) == (later,)
    assert await do(onlooker, lambda unit: unit.accounts.revoked(ADA)) == {}


async def test_our_own_proof_counts_regardless_of_the_marketplaces_clock(
    desk: Desk, onlooker: Desk
) -> None:
    by_code = replace(a_completion("phone"), done_at=START, proof="verification:x")
    await do(desk, lambda unit: unit.accounts.revoke(ADA, by_code.step, START + MINUTE))

    assert await do(desk, lambda unit: unit.accounts.complete(ADA, by_code))

    assert await do(onlooker, lambda unit: unit.accounts.completions(ADA)) == (by_code,)


async def take_two_numbers(unit: UnitOfWork) -> None:
    await unit.numbers.set_current(ADA, "+12025550123", KEY, START)
    await unit.numbers.set_current(ADA, "+12025550178", OTHER_KEY, START + MINUTE)
    await unit.numbers.mark_verified(ADA, OTHER_KEY, START + 2 * MINUTE)


async def test_all_numbers_of_a_freelancer_are_listed_in_order(desk: Desk, onlooker: Desk) -> None:
    await do(desk, take_two_numbers)

    found = await do(onlooker, lambda unit: unit.numbers.all(ADA))

    assert [(one.number, one.set_at, one.replaced_at, one.verified_at) for one in found] == [
        ("+12025550123", START, START + MINUTE, None),
        ("+12025550178", START + MINUTE, None, START + 2 * MINUTE),
    ]


FIRST, SECOND = (
    a_session(Ended(Ending.NO_ANSWER, START), id=SessionId(f"{number:032x}")) for number in (1, 2)
)


async def be_called_twice(unit: UnitOfWork) -> None:
    await unit.verifications.save(replace(a_round(version=0), session=FIRST))
    await unit.verifications.save(replace(a_round(version=1), session=SECOND))


async def test_all_calls_of_a_freelancer_are_listed(desk: Desk, onlooker: Desk) -> None:
    await do(desk, be_called_twice)

    assert await do(onlooker, lambda unit: unit.verifications.sessions(ADA)) == [FIRST, SECOND]
    assert await do(onlooker, lambda unit: unit.verifications.sessions(BEN)) == []


async def queue(desk: Desk, lane: str, key: str, *, done: bool, erasure: bool = False) -> None:
    reply = SendReply(chat_id=ChatId(1), text="t")

    async def add(unit: UnitOfWork) -> None:
        task = EraseTraces() if erasure else reply
        await unit.outbox.add(task, lane=lane, key=key, due_at=START)

    await do(desk, add)
    if done:
        rows = await desk.outbox_queue.due(START, limit=100, busy_lanes=())
        [row] = [row for row in rows if row.key == key]
        await do(desk, lambda unit: unit.outbox.finish(row, START))


async def is_remembered(desk: Desk, key: str) -> bool:
    """A key that is remembered lets no second task in."""
    lane = f"probe of {key}"

    async def add(unit: UnitOfWork) -> None:
        await unit.outbox.add(EraseTraces(), lane=lane, key=key, due_at=START)

    await do(desk, add)
    due = await desk.outbox_queue.due(START, limit=100, busy_lanes=())
    return not any(row.lane == lane for row in due)


@pytest.mark.parametrize(
    ("lane", "key", "state", "remembered"),
    [
        pytest.param("chat:7", "a", {"done": True}, False, id="done, in the lane"),
        pytest.param("chat:7", "a", {"done": False}, True, id="pending, in the lane"),
        pytest.param("chat:70", "a", {"done": True}, True, id="done, in another lane"),
        pytest.param(
            "chat:7", "a", {"done": False, "erasure": True}, False, id="the erasure itself"
        ),
        pytest.param("x", "show:f-1:now", {"done": True}, False, id="done, names them"),
        pytest.param("x", "show:f-1", {"done": True}, False, id="done, names them at the end"),
        pytest.param("x", "show:f-1:now", {"done": False}, True, id="pending, names them"),
        pytest.param("x", "show:f-10:now", {"done": True}, True, id="names another, longer"),
        pytest.param("x", "show:f%1:now", {"done": True}, True, id="no pattern"),
    ],
)
async def test_traces_of_a_lane_and_of_a_person_are_erased(
    desk: Desk,
    onlooker: Desk,
    lane: str,
    key: str,
    state: dict[str, bool],
    remembered: bool,
) -> None:
    await queue(desk, lane, key, **{"done": False, **state})

    await do(
        desk,
        lambda unit: unit.retention.erase_traces(lane="chat:7", subject=FreelancerId("f-1")),
    )

    assert await is_remembered(onlooker, key) is remembered


async def test_pending_tasks_of_a_lane_are_deleted(desk: Desk, onlooker: Desk) -> None:
    await queue(desk, "chat:7", "mine", done=False)
    await queue(desk, "chat:70", "another's", done=False)

    await do(desk, lambda unit: unit.retention.drop_pending("chat:7"))

    due = await onlooker.outbox_queue.due(START, limit=100, busy_lanes=())
    assert [row.key for row in due] == ["another's"]


async def test_a_handled_update_is_still_known_without_its_lane(
    desk: Desk, onlooker: Desk
) -> None:
    row = Incoming(update_id=5, lane="chat:7", payload="{}", received_at=START)
    await desk.inbox_queue.store([row, replace(row, update_id=6)])
    await do(desk, lambda unit: unit.inbox.done([row], START))

    await do(desk, lambda unit: unit.retention.erase_traces(lane="chat:7", subject=None))

    again = await onlooker.inbox_queue.store([row])
    waiting = await onlooker.inbox_queue.waiting_lanes()
    assert (again, waiting) == (frozenset(), frozenset({"chat:7"}))


@pytest.mark.parametrize(("days", "known"), [(29, frozenset()), (31, frozenset({"chat:7"}))])
async def test_a_failed_update_is_kept_for_a_month(
    database: Database, days: int, known: frozenset[str]
) -> None:
    row = Incoming(update_id=5, lane="chat:7", payload="{}", received_at=START)
    await database.inbox_queue.store([row])
    await do(database, lambda unit: unit.inbox.set_aside(row, START, "why"))
    now = START + timedelta(days=days)
    month_ago = now - timedelta(days=30)
    since = RetentionLimits(
        handled=now,
        ended=month_ago,
        told=month_ago,
        locked=month_ago,
        counted=month_ago,
        guessed=month_ago,
        signed_in=month_ago,
        talked=month_ago,
    )

    await do(database, lambda unit: unit.retention.delete_expired(since, limit=9))

    assert await database.inbox_queue.store([row]) == known
