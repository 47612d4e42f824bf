"""An agent who takes a talk over from another: both hear of it, and it isn't ended by that."""

from collections.abc import Awaitable, Callable

import pytest

from state.model.staff import Role
from state.model.ticket import HandOver, MessageContent, Taken, Ticket
from state.model.work import GroupNews, TellGroup
from state.rules.tickets import HeldByOther, ReplyRequired
from state.usecases.tickets.open import Opened
from tests.state.usecases.desk import CHAT, Desk
from tests.state.usecases.talking import TalkUseCases
from tests.support.builders import staff_member
from tests.support.fakes import START

ANN, BOB = staff_member(1), staff_member(2)
LEA = staff_member(3, role=Role.LEAD)

Act = Callable[[TalkUseCases, Ticket], Awaitable[object]]
ACTS: dict[str, Act] = {
    "close": lambda do, ticket: do.close_ticket(ticket.id, BOB),
    "release": lambda do, ticket: do.release_ticket(ticket.id, BOB),
    "ban": lambda do, ticket: do.ban_chat(ticket.id, BOB, "insults"),
}


async def held_by_ann(desk: Desk) -> Ticket:
    opened = await desk.run(
        lambda do: do.open_ticket(CHAT, HandOver.ASKED, caller="Ada", language="en")
    )
    assert isinstance(opened, Opened)
    await desk.run(lambda do: do.take_ticket(opened.ticket.id, ANN))
    return opened.ticket


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_an_agent_cannot_close_a_conversation_just_taken_over(desk: Desk, act: Act) -> None:
    ticket = await held_by_ann(desk)

    refused = await desk.run(lambda do: act(do, ticket))
    await desk.run(lambda do: do.take_ticket(ticket.id, BOB, over=True))
    refused_too = await desk.run(lambda do: act(do, ticket))

    assert (refused, refused_too) == (HeldByOther(ANN.id), ReplyRequired(ANN.id))
    assert desk.look().tables.bans == {}
    stored = await desk.look().tickets.get(ticket.id)
    assert stored is not None
    assert stored.state == Taken(BOB.id, START)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_after_a_reply_the_new_holder_may_close_it(desk: Desk, act: Act) -> None:
    ticket = await held_by_ann(desk)
    await desk.run(lambda do: do.take_ticket(ticket.id, BOB, over=True))
    await desk.run(lambda do: do.reply_to_freelancer(ticket.id, BOB, MessageContent(text="Hello")))

    assert isinstance(await desk.run(lambda do: act(do, ticket)), Ticket)


async def test_the_former_holder_is_told_and_the_audit_trail_names_them(desk: Desk) -> None:
    ticket = await held_by_ann(desk)
    await desk.run(lambda do: do.take_ticket(ticket.id, BOB, over=True))

    told = [
        one
        for one in desk.tasks(TellGroup)
        if isinstance(one, TellGroup) and one.news == GroupNews.TAKEN_OVER
    ]
    [line] = [
        one for one in desk.look().tables.audit.values() if "over from staff:1" in one.detail
    ]

    assert [(one.by, one.ticket_id) for one in told] == [(BOB.id, ticket.id)]
    assert (line.kind, line.actor) == ("ticket.taken", "staff:2")


async def test_a_lead_may_close_any_conversation(desk: Desk) -> None:
    ticket = await held_by_ann(desk)

    assert isinstance(await desk.run(lambda do: do.close_ticket(ticket.id, LEA)), Ticket)
