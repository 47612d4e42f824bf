"""What a freelancer hears of their talk, if it is still so when they are told."""

import pytest

from bot.presentation.views import talk as talk_views
from state.model.staff import Ban, Staff
from state.model.ticket import Closed, Resolution, Taken, TicketState, Waiting
from state.model.work import CallerNews
from tests.bot.presentation.views.shown import words
from tests.support.builders import a_ticket, policy, staff_member
from tests.support.fakes import START

ANN = staff_member(1)
HELD, OVER = Taken(ANN.id, START), Closed(START, Resolution.BY_STAFF, ANN.id)
BAN = Ban(chat_id=a_ticket().chat_id, reason="insults", by=ANN.id, at=START)


@pytest.mark.parametrize(
    ("what", "state", "ban", "told"),
    [
        (CallerNews.TAKEN, HELD, None, "Person 1 is with you now"),
        (CallerNews.RELEASED, Waiting(), None, "Somebody else of the team will go on"),
        (CallerNews.CLOSED, OVER, None, "The talk is over, ticket 1"),
        (CallerNews.BANNED, OVER, BAN, "Their reason: insults"),
        (CallerNews.UNBANNED, OVER, None, "You can talk to a person here again"),
    ],
)
def test_each_action_of_staff_has_a_notice(
    what: CallerNews, state: TicketState, ban: Ban | None, told: str
) -> None:
    reply = talk_views.news(what, a_ticket(state=state), policy(), holder=ANN, ban=ban)

    assert reply is not None
    assert told in words(reply)


@pytest.mark.parametrize("holder", [None, Staff(id=ANN.id, role=ANN.role)])
def test_a_staff_member_without_a_name_is_called_a_person(holder: Staff | None) -> None:
    reply = talk_views.news(
        CallerNews.TAKEN, a_ticket(state=HELD), policy(), holder=holder, ban=None
    )

    assert reply is not None
    assert words(reply).startswith("A person is with you now")


@pytest.mark.parametrize(
    ("what", "state", "ban"),
    [
        (CallerNews.TAKEN, OVER, None),
        (CallerNews.RELEASED, HELD, None),
        (CallerNews.CLOSED, Waiting(), None),
        (CallerNews.BANNED, OVER, None),
        (CallerNews.UNBANNED, OVER, BAN),
    ],
)
def test_an_outdated_action_has_no_notice(
    what: CallerNews, state: TicketState, ban: Ban | None
) -> None:
    assert talk_views.news(what, a_ticket(state=state), policy(), holder=ANN, ban=ban) is None
