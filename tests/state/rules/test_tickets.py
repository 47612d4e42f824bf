from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.staff import Role
from state.model.ticket import Closed, HandOver, Resolution, Taken, TicketState, Waiting
from state.rules.tickets import (
    SAME_MATTER,
    HeldBy,
    NotOpen,
    closed,
    is_same_matter,
    left,
    opened_again,
    released,
    replied,
    taken,
)
from tests.builders import a_ticket, staff_member
from tests.fakes import START

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
        (HELD, False, HeldBy(ANN.id)),
        (HELD, True, Taken(BOB.id, NOW)),
        (Taken(BOB.id, START), False, Taken(BOB.id, START)),
        (OVER, False, Taken(BOB.id, NOW)),
    ],
)
def test_taking_a_talk(state: TicketState, over: bool, expected: TicketState | HeldBy) -> None:
    outcome = taken(a_ticket(state=state), BOB, now=NOW, over=over)

    assert (outcome if isinstance(outcome, HeldBy) else outcome.state) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Waiting(), Taken(BOB.id, NOW)),
        (Taken(BOB.id, START), Taken(BOB.id, START)),
        (HELD, HeldBy(ANN.id)),
        (OVER, NotOpen()),
    ],
)
def test_replying_in_a_talk(state: TicketState, expected: TicketState | HeldBy | NotOpen) -> None:
    outcome = replied(a_ticket(state=state), BOB, now=NOW)

    assert (outcome if isinstance(outcome, HeldBy | NotOpen) else outcome.state) == expected


def test_the_first_reply_is_the_first_for_good() -> None:
    ticket = a_ticket(state=HELD, first_reply_at=START)

    outcome = replied(ticket, ANN, now=NOW)

    assert outcome == ticket


@pytest.mark.parametrize(
    ("who", "expected"), [(ANN, Waiting()), (BOB, HeldBy(ANN.id)), (LEA, Waiting())]
)
def test_a_lead_may_let_go_of_what_somebody_else_holds(
    who: object, expected: TicketState | HeldBy
) -> None:
    outcome = released(a_ticket(state=HELD), who, now=NOW)  # type: ignore[arg-type]

    assert (outcome if isinstance(outcome, HeldBy | NotOpen) else outcome.state) == expected


@pytest.mark.parametrize(
    ("who", "state", "expected"),
    [
        (ANN, HELD, Closed(NOW, Resolution.BY_STAFF, ANN.id)),
        (BOB, HELD, HeldBy(ANN.id)),
        (LEA, HELD, Closed(NOW, Resolution.BY_STAFF, LEA.id)),
        (BOB, Waiting(), Closed(NOW, Resolution.BY_STAFF, BOB.id)),
        (ANN, OVER, NotOpen()),
    ],
)
def test_closing_a_talk(
    who: object, state: TicketState, expected: TicketState | HeldBy | NotOpen
) -> None:
    ticket = a_ticket(state=state)

    outcome = closed(ticket, who, Resolution.BY_STAFF, now=NOW)  # type: ignore[arg-type]

    assert (outcome if isinstance(outcome, HeldBy | NotOpen) else outcome.state) == expected


@pytest.mark.parametrize("state", [Waiting(), HELD])
def test_the_freelancer_may_always_go_back_to_the_bot(state: TicketState) -> None:
    outcome = left(a_ticket(state=state), now=NOW)

    assert outcome == a_ticket(state=Closed(NOW, Resolution.BACK_TO_BOT))


def test_nobody_leaves_what_is_over() -> None:
    assert left(a_ticket(state=OVER), now=NOW) == NotOpen()


@pytest.mark.parametrize(
    ("later", "same"), [(SAME_MATTER, True), (SAME_MATTER + timedelta(seconds=1), False)]
)
def test_coming_back_within_three_days_is_the_same_matter(later: timedelta, same: bool) -> None:
    assert is_same_matter(a_ticket(state=OVER), now=START + later) is same


def test_opening_again_is_counted_and_forgets_what_was_said_of_the_end() -> None:
    ticket = a_ticket(state=OVER, solved=True, passing_told=True, reopened=1)

    outcome = opened_again(ticket, HandOver.UNCLEAR, now=NOW)

    assert outcome == replace(
        ticket,
        state=Waiting(),
        waiting_since=NOW,
        reason=HandOver.UNCLEAR,
        solved=None,
        passing_told=False,
        reopened=2,
    )
