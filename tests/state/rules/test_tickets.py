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
def test_taking_a_ticket_depends_on_its_state_and_holder(
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
def test_replying_to_a_ticket_depends_on_its_state_and_holder(
    state: TicketState, expected: TicketState | HeldByOther | NotOpen
) -> None:
    outcome = replied(a_ticket(state=state), BOB, now=NOW)

    assert (
        outcome if isinstance(outcome, HeldByOther | ReplyRequired | NotOpen) else outcome.state
    ) == expected


def test_the_time_of_the_first_reply_never_changes() -> None:
    ticket = a_ticket(state=HELD, first_reply_at=START)

    outcome = replied(ticket, ANN, now=NOW)

    assert outcome == ticket


@pytest.mark.parametrize(
    ("who", "expected"), [(ANN, Waiting()), (BOB, HeldByOther(ANN.id)), (LEA, Waiting())]
)
def test_a_lead_may_release_a_ticket_held_by_another_member(
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
def test_closing_a_ticket_depends_on_its_state_and_holder(
    who: object, state: TicketState, expected: TicketState | HeldByOther | NotOpen
) -> None:
    ticket = a_ticket(state=state)

    outcome = closed(ticket, who, Resolution.BY_STAFF, now=NOW)  # type: ignore[arg-type]

    assert (
        outcome if isinstance(outcome, HeldByOther | ReplyRequired | NotOpen) else outcome.state
    ) == expected


@pytest.mark.parametrize("state", [Waiting(), HELD])
def test_the_freelancer_may_always_return_to_the_bot(state: TicketState) -> None:
    outcome = left_by_freelancer(a_ticket(state=state), now=NOW)

    assert outcome == a_ticket(state=Closed(NOW, Resolution.BACK_TO_BOT))


def test_a_closed_ticket_cannot_be_left() -> None:
    assert left_by_freelancer(a_ticket(state=OVER), now=NOW) == NotOpen()


@pytest.mark.parametrize(
    ("later", "same"), [(SAME_MATTER, True), (SAME_MATTER + timedelta(seconds=1), False)]
)
def test_returning_within_three_days_reopens_the_ticket(later: timedelta, same: bool) -> None:
    assert is_same_matter(a_ticket(state=OVER), now=START + later) is same


def test_reopening_is_counted_and_clears_the_resolution() -> None:
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
def test_a_member_cannot_close_a_ticket_just_taken_over(
    who: Staff, refused: HeldByOther | ReplyRequired | None
) -> None:
    ticket = taken_over(BOB)

    assert close_refusal(ticket, who) == refused
    assert isinstance(closed(ticket, who, Resolution.BY_STAFF, now=NOW), Ticket) == (not refused)
    assert isinstance(released(ticket, who, now=NOW), Ticket) == (not refused)


def test_after_a_reply_the_new_holder_may_close_the_ticket() -> None:
    answered = replied(taken_over(BOB), BOB, now=NOW)

    assert isinstance(answered, Ticket)
    assert close_refusal(answered, BOB) is None


def test_the_former_holder_who_takes_it_back_may_close_it() -> None:
    back = taken(taken_over(BOB), ANN, now=NOW, over=True)

    assert isinstance(back, Ticket)
    assert close_refusal(back, ANN) is None


def test_an_earlier_takeover_does_not_matter_after_reopening() -> None:
    waits = released(taken_over(LEA), LEA, now=NOW)
    assert isinstance(waits, Ticket)
    again = taken(waits, BOB, now=NOW)

    assert isinstance(again, Ticket)
    assert close_refusal(again, BOB) is None


def test_a_closed_ticket_cannot_be_released() -> None:
    assert released(a_ticket(state=OVER), ANN, now=NOW) == NotOpen()
