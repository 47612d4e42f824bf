"""Counts, the audit trail by pages, and the pulse of the talks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.chat import ChatId
from state.model.figures import DayCount, Rating, ResolutionFigures
from state.model.question import Outcome, Question, QuestionId, Sequel
from state.model.staff import StaffId
from state.model.ticket import TicketNote
from state.ports import AuditEvent, AuditFilter, UnitOfWork
from tests.state.store.desk import Desk
from tests.support.builders import a_talk_message, a_ticket
from tests.support.fakes import START

CHAT = ChatId(700)
DAY = timedelta(days=1)
ASKED = Question(
    id=QuestionId(0),
    chat_id=CHAT,
    message_id=9000,
    place=0,
    language="en",
    words="why only 10?",
    outcome=Outcome.FOUND,
    slug="rollover",
    runner_up=None,
    score=0.5,
    asked_at=START,
)
NOTHING = replace(ASKED, outcome=Outcome.NOTHING, slug=None)
OPENED = replace(ASKED, outcome=Outcome.OPENED, words=None)


async def ask(desk: Desk, *questions: Question) -> None:
    async def work(unit: UnitOfWork) -> None:
        for one in questions:
            await unit.questions.add(one)

    await desk.transact(work)


async def note(desk: Desk, *events: AuditEvent) -> None:
    async def work(unit: UnitOfWork) -> None:
        for one in events:
            await unit.audit.add(one)

    await desk.transact(work)


def event(kind: str, subject: str = "f-1", *, actor: str = "chat", days: int = 0) -> AuditEvent:
    return AuditEvent(at=START + days * DAY, kind=kind, subject=subject, actor=actor)


async def test_questions_are_counted_by_day_and_outcome(desk: Desk) -> None:
    before_midnight = replace(ASKED, asked_at=START.replace(hour=23, minute=59))
    after_midnight = replace(ASKED, asked_at=START.replace(hour=0) + DAY)
    old = replace(ASKED, asked_at=START - DAY)
    await ask(desk, ASKED, before_midnight, after_midnight, NOTHING, OPENED, old)

    found = await desk.transact(lambda unit: unit.figures.outcomes(START))

    today, tomorrow = START.date(), (START + DAY).date()
    assert found == [
        DayCount(day=today, outcome=Outcome.FOUND, count=2),
        DayCount(day=today, outcome=Outcome.NOTHING, count=1),
        DayCount(day=tomorrow, outcome=Outcome.FOUND, count=1),
    ]


async def test_ratings_are_counted_by_article_most_rated_first(desk: Desk) -> None:
    rated = [replace(ASKED, slug="b", helpful=helpful) for helpful in (True, False, True, None)]
    opened = replace(OPENED, slug="a", helpful=False)
    await ask(desk, *rated, opened, replace(opened, asked_at=START - DAY))

    found = await desk.transact(lambda unit: unit.figures.ratings(START))

    assert found == [
        Rating(slug="b", helpful=2, unhelpful=1),
        Rating(slug="a", helpful=0, unhelpful=1),
    ]


async def test_answers_that_helped_or_led_to_a_step_count_as_resolved(desk: Desk) -> None:
    helped = replace(ASKED, helpful=True, led_to=Sequel.PERSON)
    step = replace(ASKED, led_to=Sequel.STEP)
    person = replace(ASKED, helpful=False, led_to=Sequel.PERSON)
    await ask(desk, helped, step, person, NOTHING, OPENED)

    found = await desk.transact(lambda unit: unit.figures.resolution(START))

    assert found == ResolutionFigures(asked=4, helped=1, by_step=1, to_person=1)


async def test_without_questions_all_counts_are_zero(desk: Desk) -> None:
    found = await desk.transact(lambda unit: unit.figures.resolution(START))

    assert found == ResolutionFigures(asked=0, helped=0, by_step=0, to_person=0)


async def test_the_first_sequel_of_a_question_stays(desk: Desk, onlooker: Desk) -> None:
    await ask(desk, replace(ASKED, asked_at=START - DAY), ASKED, replace(ASKED, chat_id=ChatId(1)))
    await desk.transact(lambda unit: unit.questions.record_sequel(CHAT, Sequel.STEP, START))
    await desk.transact(
        lambda unit: unit.questions.record_sequel(CHAT, Sequel.PERSON, START - 9 * DAY)
    )

    found = await onlooker.transact(lambda unit: unit.questions.of_chat(CHAT))

    assert [one.led_to for one in found] == [Sequel.PERSON, Sequel.STEP]


async def test_the_audit_trail_is_read_newest_first_in_parts(desk: Desk) -> None:
    await note(desk, *(event(f"call.{name}") for name in ("one", "two", "three")))

    newest = await desk.transact(lambda unit: unit.audit.newest(AuditFilter(), limit=2))
    older = await desk.transact(
        lambda unit: unit.audit.newest(AuditFilter(), before=newest[-1].number, limit=2)
    )

    assert [one.event.kind for one in newest] == ["call.three", "call.two"]
    assert [one.event.kind for one in older] == ["call.one"]


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        (AuditFilter(kind="call."), ["call.b", "call.a"]),
        (AuditFilter(kind="call.a"), ["call.a"]),
        (AuditFilter(kind="c_ll"), []),
        (AuditFilter(kind="%"), []),
        (AuditFilter(subject="f-2"), ["step.set"]),
        (AuditFilter(actor="staff:1"), ["step.set", "call.b"]),
        (AuditFilter(kind="call.", actor="staff:1"), ["call.b"]),
        (AuditFilter(subject="' OR 1=1 --"), []),
    ],
    ids=str,
)
async def test_audit_lines_are_found_by_kind_subject_and_actor(
    desk: Desk, wanted: AuditFilter, kinds: list[str]
) -> None:
    lines = [event("call.a"), event("call.b", actor="staff:1")]
    await note(desk, *lines, event("step.set", "f-2", actor="staff:1"))

    found = await desk.transact(lambda unit: unit.audit.newest(wanted, limit=9))

    assert [one.event.kind for one in found] == kinds


async def test_each_person_is_counted_once_per_kind(desk: Desk) -> None:
    again = [event("call.requested"), event("call.requested"), event("call.requested", "f-2")]
    await note(
        desk, *again, event("call.verified"), event("step.set"), event("call.busy", days=-1)
    )

    found = await desk.transact(
        lambda unit: unit.audit.subject_counts(
            ("call.requested", "call.verified", "call.busy"), START
        )
    )

    assert found == {"call.requested": 2, "call.verified": 1}


async def test_the_change_token_changes_with_everything_that_staff_see(desk: Desk) -> None:
    pulses = [await desk.transact(lambda unit: unit.change_tokens.of_all())]
    ticket = await desk.transact(lambda unit: unit.tickets.add(a_ticket()))
    pulses.append(await desk.transact(lambda unit: unit.change_tokens.of_all()))
    await desk.transact(lambda unit: unit.tickets.save(ticket))
    pulses.append(await desk.transact(lambda unit: unit.change_tokens.of_all()))
    message = a_talk_message(ticket_id=ticket.id, chat_id=ticket.chat_id)
    await desk.transact(lambda unit: unit.talks.add(message))
    pulses.append(await desk.transact(lambda unit: unit.change_tokens.of_all()))

    still = await desk.transact(lambda unit: unit.change_tokens.of_all())

    assert len(set(pulses)) == len(pulses)
    assert still == pulses[-1]


async def test_the_change_token_of_a_conversation_changes_with_its_messages(desk: Desk) -> None:
    ticket = await desk.transact(lambda unit: unit.tickets.add(a_ticket()))
    pulses = [await desk.transact(lambda unit: unit.change_tokens.of_one(ticket.id))]
    said = await desk.transact(
        lambda unit: unit.talks.add(a_talk_message(ticket_id=ticket.id, chat_id=ticket.chat_id))
    )
    pulses.append(await desk.transact(lambda unit: unit.change_tokens.of_one(ticket.id)))
    await desk.transact(lambda unit: unit.talks.save(replace(said, edited_at=START + DAY)))
    pulses.append(await desk.transact(lambda unit: unit.change_tokens.of_one(ticket.id)))
    remark = TicketNote(ticket_id=ticket.id, by=StaffId(1), at=START, text="VIP")
    await desk.transact(lambda unit: unit.talks.add_note(remark))
    pulses.append(await desk.transact(lambda unit: unit.change_tokens.of_one(ticket.id)))

    still = await desk.transact(lambda unit: unit.change_tokens.of_one(ticket.id))

    assert len(set(pulses)) == len(pulses)
    assert still == pulses[-1]
