from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.staff import Role, Staff
from state.model.ticket import (
    Closed,
    HandOver,
    Resolution,
    Taken,
    Ticket,
    TicketState,
    Waiting,
)
from state.rules.tickets import (
    SAME_MATTER,
    HeldByOther,
    NotOpen,
    ReplyRequired,
    close_refusal,
    closed,
    is_same_matter,
    left_by_freelancer,
    released,
    reopened,
    replied,
    taken,
)
from tests.support.builders import a_ticket, staff_member
from tests.support.fakes import START

ANN, BOB, LEA = (
    staff_member(1),
    staff_member(2),
    staff_member(3, role=Role.LEAD),
)
NOW = START + timedelta(hours=1)
HELD = Taken(ANN.id, START)
OVER = Closed(START, Resolution.BY_STAFF, ANN.id)


@pytest.mark.parametrize(
    ("state", "over", "expected"),
    [
        (Waiting(), False, Taken(BOB.id, NOW)),
        (HELD, False, HeldByOther(ANN.id)),
        (HELD, True, Taken(BOB.id, NOW)),
        (Taken(BOB.id, START), False, Taken(BOB.id, START)),
        (OVER, False, Taken(BOB.id, NOW)),
    ],
)
def test_taking_a_talk(
    state: TicketState, over: bool, expected: TicketState | HeldByOther
) -> None:
    outcome = taken(a_ticket(state=state), BOB, now=NOW, over=over)

    assert (outcome if isinstance(outcome, HeldByOther) else outcome.state) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Waiting(), Taken(BOB.id, NOW)),
        (Taken(BOB.id, START), Taken(BOB.id, START)),
        (HELD, HeldByOther(ANN.id)),
        (OVER, NotOpen()),
    ],
)
def test_replying_in_a_talk(
    state: TicketState, expected: TicketState | HeldByOther | NotOpen
) -> None:
    outcome = replied(a_ticket(state=state), BOB, now=NOW)

    assert (
        outcome if isinstance(outcome, HeldByOther | ReplyRequired | NotOpen) else outcome.state
    ) == expected


def test_the_first_reply_is_the_first_for_good() -> None:
    ticket = a_ticket(state=HELD, first_reply_at=START)

    outcome = replied(ticket, ANN, now=NOW)

    assert outcome == ticket


@pytest.mark.parametrize(
    ("who", "expected"), [(ANN, Waiting()), (BOB, HeldByOther(ANN.id)), (LEA, Waiting())]
)
def test_a_lead_may_let_go_of_what_somebody_else_holds(
    who: object, expected: TicketState | HeldByOther
) -> None:
    outcome = released(a_ticket(state=HELD), who, now=NOW)  # type: ignore[arg-type]

    assert (
        outcome if isinstance(outcome, HeldByOther | ReplyRequired | NotOpen) else outcome.state
    ) == expected


@pytest.mark.parametrize(
    ("who", "state", "expected"),
    [
        (ANN, HELD, Closed(NOW, Resolution.BY_STAFF, ANN.id)),
        (BOB, HELD, HeldByOther(ANN.id)),
        (LEA, HELD, Closed(NOW, Resolution.BY_STAFF, LEA.id)),
        (BOB, Waiting(), Closed(NOW, Resolution.BY_STAFF, BOB.id)),
        (ANN, OVER, NotOpen()),
    ],
)
def test_closing_a_talk(
    who: object, state: TicketState, expected: TicketState | HeldByOther | NotOpen
) -> None:
    ticket = a_ticket(state=state)

    outcome = closed(ticket, who, Resolution.BY_STAFF, now=NOW)  # type: ignore[arg-type]

    assert (
        outcome if isinstance(outcome, HeldByOther | ReplyRequired | NotOpen) else outcome.state
    ) == expected


@pytest.mark.parametrize("state", [Waiting(), HELD])
def test_the_freelancer_may_always_go_back_to_the_bot(state: TicketState) -> None:
    outcome = left_by_freelancer(a_ticket(state=state), now=NOW)

    assert outcome == a_ticket(state=Closed(NOW, Resolution.BACK_TO_BOT))


def test_nobody_leaves_what_is_over() -> None:
    assert left_by_freelancer(a_ticket(state=OVER), now=NOW) == NotOpen()


@pytest.mark.parametrize(
    ("later", "same"), [(SAME_MATTER, True), (SAME_MATTER + timedelta(seconds=1), False)]
)
def test_coming_back_within_three_days_is_the_same_matter(later: timedelta, same: bool) -> None:
    assert is_same_matter(a_ticket(state=OVER), now=START + later) is same


def test_opening_again_is_counted_and_forgets_what_was_said_of_the_end() -> None:
    ticket = a_ticket(state=OVER, solved=True, passing_told=True, reopened=1)

    outcome = reopened(ticket, HandOver.UNCLEAR, now=NOW)

    assert outcome == replace(
        ticket,
        state=Waiting(),
        waiting_since=NOW,
        reason=HandOver.UNCLEAR,
        solved=None,
        passing_told=False,
        reopened=2,
    )


def taken_over(by: Staff) -> Ticket:
    ticket = taken(a_ticket(state=HELD), by, now=NOW, over=True)
    assert isinstance(ticket, Ticket)
    return ticket


@pytest.mark.parametrize(
    ("who", "refused"),
    [(BOB, ReplyRequired(ANN.id)), (ANN, HeldByOther(BOB.id)), (LEA, None)],
)
def test_who_takes_a_talk_over_does_not_end_it_by_that(
    who: Staff, refused: HeldByOther | ReplyRequired | None
) -> None:
    ticket = taken_over(BOB)

    assert close_refusal(ticket, who) == refused
    assert isinstance(closed(ticket, who, Resolution.BY_STAFF, now=NOW), Ticket) == (not refused)
    assert isinstance(released(ticket, who, now=NOW), Ticket) == (not refused)


def test_who_has_answered_ends_what_they_took_over() -> None:
    answered = replied(taken_over(BOB), BOB, now=NOW)

    assert isinstance(answered, Ticket)
    assert close_refusal(answered, BOB) is None


def test_who_takes_their_talk_back_may_end_it() -> None:
    back = taken(taken_over(BOB), ANN, now=NOW, over=True)

    assert isinstance(back, Ticket)
    assert close_refusal(back, ANN) is None


def test_what_was_taken_over_once_is_no_matter_the_next_time() -> None:
    waits = released(taken_over(LEA), LEA, now=NOW)
    assert isinstance(waits, Ticket)
    again = taken(waits, BOB, now=NOW)

    assert isinstance(again, Ticket)
    assert close_refusal(again, BOB) is None


def test_a_closed_talk_is_not_released() -> None:
    assert released(a_ticket(state=OVER), ANN, now=NOW) == NotOpen()
