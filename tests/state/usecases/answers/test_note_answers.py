"""What is kept of questions: enough to follow up, to be rated, and to find the gaps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.question import (
    AnswerNote,
    Fault,
    Outcome,
    Question,
    QuestionId,
    answer_matter,
    feedback_matter,
)
from state.model.work import SweepOld
from state.usecases.answers.note_answers import Noted
from state.usecases.retention import AT_A_TIME, MOST_GROUPS, plan_sweep
from tests.state.usecases.desk import CHAT, OTHER_CHAT, Desk
from tests.support.fakes import START

FOUND = AnswerNote(
    words="why only 10?", outcome=Outcome.FOUND, slug="unlock", runner_up="rollover", score=0.6
)
UNSURE = AnswerNote(words="money", outcome=Outcome.UNSURE, score=0.2)
NOTHING = AnswerNote(words="call me at 020 7946 0958", outcome=Outcome.NOTHING)


async def note(desk: Desk, *notes: AnswerNote, message: int = 9000) -> Noted:
    return await desk.run(lambda do: do.note_answers(CHAT, message, "en", notes))


async def recall(desk: Desk, *, besides: int = 1) -> str | None:
    return await desk.run(lambda do: do.recall_article(CHAT, besides=besides))


async def kept(desk: Desk, number: QuestionId) -> Question:
    question = await desk.look().questions.get(number)
    assert question is not None
    return question


async def test_answered_questions_are_stored_with_redacted_text(desk: Desk) -> None:
    noted = await note(desk, NOTHING)

    question = await kept(desk, noted.ids[0])
    assert question.words == "call me at (number)"
    assert (question.outcome, question.slug, question.asked_at) == (Outcome.NOTHING, None, START)


async def test_an_edited_message_keeps_its_records_with_the_new_text(desk: Desk) -> None:
    first = await note(desk, FOUND, UNSURE)
    await desk.run(lambda do: do.rate_answer(CHAT, first.ids[0], helpful=True))

    again = await note(desk, replace(FOUND, slug="pledge"))

    assert again == Noted(ids=first.ids[:1], withdrawn=first.ids[1:])
    question = await kept(desk, first.ids[0])
    assert (question.slug, question.helpful) == ("pledge", None)
    assert await desk.look().questions.get(first.ids[1]) is None


async def test_an_edited_message_may_contain_more_questions(desk: Desk) -> None:
    first = await note(desk, FOUND)

    again = await note(desk, FOUND, UNSURE)

    assert again.ids[:1] == first.ids
    assert again.withdrawn == ()


async def test_the_article_shown_last_is_the_topic_of_the_chat(desk: Desk) -> None:
    await note(desk, FOUND)
    await note(desk, NOTHING, message=9001)

    assert await recall(desk) == "unlock"


async def test_an_edited_question_does_not_refer_to_its_own_answer(desk: Desk) -> None:
    await note(desk, FOUND)

    assert await recall(desk, besides=9000) is None


async def test_after_half_an_hour_the_chat_has_no_topic(desk: Desk) -> None:
    await note(desk, FOUND)
    desk.clock.forward(minutes=30)

    assert await recall(desk) is None


async def test_an_article_opened_from_a_choice_is_stored_as_the_answer(desk: Desk) -> None:
    noted = await note(desk, UNSURE)

    await desk.run(lambda do: do.open_article(CHAT, "fees", "en"))

    assert (await kept(desk, noted.ids[0])).slug == "fees"
    assert await recall(desk) == "fees"
    assert await desk.look().questions.gaps(START, limit=100) == []


@pytest.mark.parametrize(("first", "minutes"), [(FOUND, 0), (UNSURE, 30)])
async def test_an_article_opened_from_the_topics_changes_no_question(
    desk: Desk, first: AnswerNote, minutes: float
) -> None:
    noted = await note(desk, first)
    before = await kept(desk, noted.ids[0])
    desk.clock.forward(minutes=minutes)

    opened = await desk.run(lambda do: do.open_article(CHAT, "fees", "en"))

    assert await kept(desk, noted.ids[0]) == before
    assert (await kept(desk, opened)).outcome is Outcome.OPENED


async def test_only_the_first_rating_of_an_answer_counts(desk: Desk) -> None:
    [number] = (await note(desk, FOUND)).ids
    await desk.run(lambda do: do.rate_answer(CHAT, number, helpful=False))

    rated = await desk.run(lambda do: do.rate_answer(CHAT, number, helpful=True))

    assert rated is not None
    assert rated.helpful is False
    assert await desk.look().questions.gaps(START, limit=100) == [rated]


async def test_only_the_first_reason_counts(desk: Desk) -> None:
    [number] = (await note(desk, FOUND)).ids
    await desk.run(lambda do: do.rate_answer(CHAT, number, helpful=False))
    await desk.run(lambda do: do.rate_answer(CHAT, number, helpful=False, fault=Fault.INCOMPLETE))

    rated = await desk.run(
        lambda do: do.rate_answer(CHAT, number, helpful=False, fault=Fault.OUTDATED)
    )

    assert rated is not None
    assert rated.fault is Fault.INCOMPLETE


async def test_an_answer_of_another_chat_cannot_be_rated(desk: Desk) -> None:
    [number] = (await note(desk, FOUND)).ids

    assert await desk.run(lambda do: do.rate_answer(OTHER_CHAT, number, helpful=True)) is None
    assert await desk.run(lambda do: do.rate_answer(CHAT, QuestionId(0), helpful=True)) is None
    assert (await kept(desk, number)).helpful is None


async def test_after_three_days_questions_have_no_chat(desk: Desk) -> None:
    [gap, answered] = (await note(desk, NOTHING, FOUND)).ids
    await desk.run(lambda do: do.unit.living_messages.put(CHAT, answer_matter(gap), 7))
    await desk.run(lambda do: do.unit.living_messages.put(CHAT, feedback_matter(gap), 8))
    desk.clock.forward(hours=72, milliseconds=1)

    more = await desk.run(lambda do: do.sweep())

    assert more is False
    assert (await kept(desk, gap)).chat_id is (await kept(desk, answered)).chat_id is None
    assert (await kept(desk, gap)).words == "call me at (number)"
    assert (await kept(desk, answered)).words is None
    assert desk.look().tables.living == {}
    assert await desk.run(lambda do: do.rate_answer(CHAT, answered, helpful=True)) is None


async def test_a_sweep_removes_many_questions_in_parts(desk: Desk) -> None:
    await note(desk, *[FOUND] * (AT_A_TIME + 1))
    desk.clock.forward(hours=73)

    assert await desk.run(lambda do: do.sweep()) is True
    assert await desk.run(lambda do: do.sweep()) is False


async def test_a_sweep_is_scheduled_once_a_day(desk: Desk) -> None:
    await desk.run(lambda do: plan_sweep(do.unit, START))
    await desk.run(lambda do: plan_sweep(do.unit, desk.clock.forward(hours=1)))
    await desk.run(lambda do: plan_sweep(do.unit, desk.clock.forward(hours=24)))

    assert [row.due_at for row in desk.rows(SweepOld)] == [START, desk.clock.now()]


async def sweep_all(desk: Desk) -> None:
    while await desk.run(lambda do: do.sweep()):
        pass


async def test_after_months_only_groups_are_kept(desk: Desk) -> None:
    said = ["Dark mode?", "dark  mode", "where is it"]
    await note(desk, *[replace(NOTHING, words=one) for one in said], FOUND)
    desk.clock.forward(hours=91 * 24)

    await sweep_all(desk)

    assert desk.look().tables.questions == {}
    groups = await desk.look().missed_groups.since(START, limit=9)
    assert [(one.words, one.how) for one in groups] == [
        ("Dark mode?", {"nothing": 2}),
        ("where is it", {"nothing": 1}),
    ]


async def test_a_group_accumulates_across_sweeps(desk: Desk) -> None:
    for _ in range(3):
        await note(desk, replace(NOTHING, words="dark mode"))
        desk.clock.forward(hours=91 * 24)
        await sweep_all(desk)

    [group] = await desk.look().missed_groups.since(START, limit=9)

    assert (group.count, group.first_at) == (3, START)
    assert group.last_at == desk.clock.now() - timedelta(days=91)


async def test_the_number_of_groups_is_limited(desk: Desk) -> None:
    often = replace(NOTHING, words="dark mode")
    letters = [
        "".join(chr(ord("a") + int(digit)) for digit in str(number))
        for number in range(MOST_GROUPS + 10)
    ]
    random = [replace(NOTHING, words=f"what is {one}") for one in letters]
    await note(desk, often, often, *random)
    desk.clock.forward(hours=91 * 24)

    await sweep_all(desk)

    groups = await desk.look().missed_groups.since(START, limit=MOST_GROUPS * 2)
    assert (len(groups), groups[0].words) == (MOST_GROUPS, "dark mode")
