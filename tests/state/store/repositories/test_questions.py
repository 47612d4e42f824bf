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


async def test_what_was_asked_is_kept_as_it_was(desk: Desk, onlooker: Desk) -> None:
    question = await add(desk, helpful=False, fault=Fault.OUTDATED)

    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == question


async def test_the_questions_of_a_message_come_in_their_order(desk: Desk, onlooker: Desk) -> None:
    second = await add(desk, place=1)
    first = await add(desk, place=0)
    await add(desk, message_id=9001)
    await add(desk, chat_id=OTHER)

    assert await onlooker.transact(lambda unit: unit.questions.of_message(CHAT, 9000)) == [
        first,
        second,
    ]


async def test_the_newest_question_of_a_chat(desk: Desk, onlooker: Desk) -> None:
    await add(desk)
    newest = await add(desk, message_id=9001, outcome=Outcome.NOTHING, slug=None)
    await add(desk, chat_id=OTHER)

    assert await onlooker.transact(lambda unit: unit.questions.last(CHAT)) == newest
    assert await onlooker.transact(lambda unit: unit.questions.last(ChatId(1))) is None


async def test_the_article_shown_last_is_not_that_of_the_message_itself(
    desk: Desk, onlooker: Desk
) -> None:
    opened = await add(desk, outcome=Outcome.OPENED, message_id=None, words=None)
    await add(desk, message_id=9001, slug=None, outcome=Outcome.NOTHING)
    await add(desk, message_id=9002)

    last = await onlooker.transact(lambda unit: unit.questions.last_shown(CHAT, besides=9002))

    assert last == opened


async def test_a_question_can_change_and_go(desk: Desk, onlooker: Desk) -> None:
    question = await add(desk)
    gone = await add(desk, place=1)
    better = replace(question, slug=None, outcome=Outcome.NOTHING, helpful=True)

    await desk.transact(lambda unit: unit.questions.save(better))
    await desk.transact(lambda unit: unit.questions.remove(gone.id))

    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == better
    assert await onlooker.transact(lambda unit: unit.questions.get(gone.id)) is None


async def test_a_number_is_never_given_out_twice(desk: Desk) -> None:
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
async def test_words_of_a_gap_outlive_whose_they_were(
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
async def test_words_of_an_answered_question_go(
    desk: Desk, onlooker: Desk, changes: dict[str, object]
) -> None:
    question = await add(desk, **changes)

    await desk.transact(lambda unit: unit.questions.disown(LATER, limit=10))

    bare = replace(question, chat_id=None, message_id=None, words=None)
    assert await onlooker.transact(lambda unit: unit.questions.get(question.id)) == bare
    assert await onlooker.transact(lambda unit: unit.questions.gaps(START, limit=100)) == []


async def test_only_the_oldest_are_disowned_and_not_more_than_asked(
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


async def test_only_the_newest_gaps_are_given_and_in_their_order(
    desk: Desk, onlooker: Desk
) -> None:
    gaps = [await add(desk, outcome=Outcome.NOTHING, slug=None) for _ in range(4)]

    newest = await onlooker.transact(lambda unit: unit.questions.gaps(START, limit=3))

    assert newest == gaps[1:]


async def test_old_questions_are_taken_out_once_they_are_nobodys(
    desk: Desk, onlooker: Desk
) -> None:
    somebodys = await add(desk)
    old = await add(desk, chat_id=None, message_id=None)
    young = await add(desk, chat_id=None, message_id=None, asked_at=LATER)

    assert await desk.transact(lambda unit: unit.questions.pop_old(LATER, limit=9)) == [old]
    assert await desk.transact(lambda unit: unit.questions.pop_old(LATER, limit=9)) == []
    assert await onlooker.transact(lambda unit: unit.questions.get(somebodys.id)) == somebodys
    assert await onlooker.transact(lambda unit: unit.questions.get(young.id)) == young
