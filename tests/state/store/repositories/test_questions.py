from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.chat import ChatId
from state.model.question import Fault, Outcome, Question, QuestionId
from tests.state.store.desk import Desk
from tests.support.fakes import START

CHAT = ChatId(700)
OTHER = ChatId(701)
LATER = START + timedelta(hours=1)
ASKED = Question(
    id=QuestionId(0),
    chat_id=CHAT,
    message_id=9000,
    place=0,
    language="en",
    words="why only 10?",
    outcome=Outcome.FOUND,
    slug="unlock-40-connects",
    runner_up="connects-rollover",
    score=0.5,
    asked_at=START,
)


async def add(desk: Desk, **changes: object) -> Question:
    question = replace(ASKED, **changes)  # type: ignore[arg-type]  # fields by name
    number = await desk.transact(lambda unit: unit.questions.add(question))
    return replace(question, id=number)


async def test_a_question_is_stored_and_read_back_unchanged(desk: Desk, onlooker: Desk) -> None:
    question = await add(desk, helpful=False, fault=Fault.OUTDATED)

    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == question


async def test_the_questions_of_a_message_are_returned_in_order(
    desk: Desk, onlooker: Desk
) -> None:
    second = await add(desk, place=1)
    first = await add(desk, place=0)
    await add(desk, message_id=9001)
    await add(desk, chat_id=OTHER)

    assert await onlooker.transact(lambda unit: unit.questions.of_message(CHAT, 9000)) == [
        first,
        second,
    ]


async def test_the_newest_question_of_a_chat_is_found(desk: Desk, onlooker: Desk) -> None:
    await add(desk)
    newest = await add(desk, message_id=9001, outcome=Outcome.NOTHING, slug=None)
    await add(desk, chat_id=OTHER)

    assert await onlooker.transact(lambda unit: unit.questions.last(CHAT)) == newest
    assert await onlooker.transact(lambda unit: unit.questions.last(ChatId(1))) is None


async def test_the_article_shown_last_ignores_the_given_message(
    desk: Desk, onlooker: Desk
) -> None:
    opened = await add(desk, outcome=Outcome.OPENED, message_id=None, words=None)
    await add(desk, message_id=9001, slug=None, outcome=Outcome.NOTHING)
    await add(desk, message_id=9002)

    last = await onlooker.transact(lambda unit: unit.questions.last_shown(CHAT, besides=9002))

    assert last == opened


async def test_a_question_can_be_changed_and_removed(desk: Desk, onlooker: Desk) -> None:
    question = await add(desk)
    gone = await add(desk, place=1)
    better = replace(question, slug=None, outcome=Outcome.NOTHING, helpful=True)

    await desk.transact(lambda unit: unit.questions.save(better))
    await desk.transact(lambda unit: unit.questions.remove(gone.id))

    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == better
    assert await onlooker.transact(lambda unit: unit.questions.get(gone.id)) is None


async def test_a_question_id_is_never_reused(desk: Desk) -> None:
    gone = await add(desk)
    await desk.transact(lambda unit: unit.questions.remove(gone.id))

    assert (await add(desk)).id > gone.id


GAPS = [
    {"outcome": Outcome.NOTHING, "slug": None},
    {"outcome": Outcome.UNSURE, "slug": None},
    {"helpful": False},
]
NO_GAPS: list[dict[str, object]] = [
    {},
    {"helpful": True},
    {"outcome": Outcome.UNSURE, "slug": "verify-email"},
]


@pytest.mark.parametrize("changes", GAPS)
async def test_the_text_of_a_gap_is_kept_without_its_chat(
    desk: Desk, onlooker: Desk, changes: dict[str, object]
) -> None:
    question = await add(desk, **changes)
    anonymous = replace(question, chat_id=None, message_id=None)

    disowned = await desk.transact(lambda unit: unit.questions.disown(LATER, limit=10))

    assert disowned == [question]
    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == anonymous
    assert await onlooker.transact(lambda unit: unit.questions.gaps(START, limit=100)) == [
        anonymous
    ]


@pytest.mark.parametrize("changes", NO_GAPS)
async def test_the_text_of_an_answered_question_is_deleted(
    desk: Desk, onlooker: Desk, changes: dict[str, object]
) -> None:
    question = await add(desk, **changes)

    await desk.transact(lambda unit: unit.questions.disown(LATER, limit=10))

    bare = replace(question, chat_id=None, message_id=None, words=None)
    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == bare
    assert await onlooker.transact(lambda unit: unit.questions.gaps(START, limit=100)) == []


async def test_at_most_the_requested_number_of_oldest_questions_is_disowned(
    desk: Desk, onlooker: Desk
) -> None:
    young = await add(desk, asked_at=LATER)
    second = await add(desk, asked_at=START + timedelta(seconds=1))
    first = await add(desk)

    assert await desk.transact(lambda unit: unit.questions.disown(LATER, limit=1)) == [first]
    assert await desk.transact(lambda unit: unit.questions.disown(LATER, limit=9)) == [second]
    assert await desk.transact(lambda unit: unit.questions.disown(LATER, limit=9)) == []
    assert await onlooker.transact(lambda unit: unit.questions.get(young.id)) == young


async def test_gaps_before_a_moment_are_left_out(desk: Desk, onlooker: Desk) -> None:
    await add(desk, outcome=Outcome.NOTHING, slug=None)
    late = await add(desk, outcome=Outcome.NOTHING, slug=None, asked_at=LATER)

    assert await onlooker.transact(lambda unit: unit.questions.gaps(LATER, limit=100)) == [late]


async def test_the_newest_gaps_are_returned_oldest_first(desk: Desk, onlooker: Desk) -> None:
    gaps = [await add(desk, outcome=Outcome.NOTHING, slug=None) for _ in range(4)]

    newest = await onlooker.transact(lambda unit: unit.questions.gaps(START, limit=3))

    assert newest == gaps[1:]


async def test_old_questions_are_removed_once_they_have_no_chat(
    desk: Desk, onlooker: Desk
) -> None:
    somebodys = await add(desk)
    old = await add(desk, chat_id=None, message_id=None)
    young = await add(desk, chat_id=None, message_id=None, asked_at=LATER)

    assert await desk.transact(lambda unit: unit.questions.pop_old(LATER, limit=9)) == [old]
    assert await desk.transact(lambda unit: unit.questions.pop_old(LATER, limit=9)) == []
    assert await onlooker.transact(lambda unit: unit.questions.get(somebodys.id)) == somebodys
    assert await onlooker.transact(lambda unit: unit.questions.get(young.id)) == young
