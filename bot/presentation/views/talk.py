"""Views of a conversation with staff, for the freelancer."""

from datetime import datetime
from typing import assert_never

from bot.presentation.buttons import TalkButton
from bot.presentation.reply import Button, Reply
from bot.presentation.views.answers import TOPICS
from bot.presentation.views.handover_button import person
from state.model.staff import Ban, Staff
from state.model.ticket import Closed, HandOver, Taken, Ticket, TicketId, Waiting
from state.model.work import CallerNews
from state.policy import Policy
from state.usecases.tickets.open import AskedTooOften, Opened, Opening

BACK = Button(label="back_to_bot", press=TalkButton("back"))


def opened(outcome: Opened | Ban | AskedTooOften, policy: Policy, *, reached: bool) -> Reply:
    """Reply to a request for a person.

    `reached`: a staff group is told at once; otherwise staff find the request on their pages.
    """
    match outcome:
        case Ban():
            return banned(outcome, policy)
        case AskedTooOften(until):
            context = {"until": until, "support": policy.support}
            return Reply(template="talk_limited", context=context, buttons=((TOPICS,),))
        case Opened(ticket=ticket, how=how) if isinstance(ticket.state, Taken):
            return Reply(template="talk_goes_on", context=_number(ticket), buttons=((BACK,),))
        case Opened(ticket=ticket, how=how, expected_at=expected_at):
            return waiting(
                ticket, policy, expected_at, reached=reached, again=how is not Opening.NEW
            )
        case _:
            assert_never(outcome)


def waiting(
    ticket: Ticket,
    policy: Policy,
    expected_at: datetime | None,
    *,
    reached: bool,
    again: bool = False,
) -> Reply:
    """Says that staff were asked, and when to expect an answer."""
    return Reply(
        template="talk_waiting",
        context={
            **_number(ticket),
            "reached": reached,
            "again": again,
            "expected_at": expected_at,
            "support": policy.support,
        },
        buttons=((BACK,),),
    )


def passed_on() -> Reply:
    """Confirms once that messages go to staff, so that silence isn't taken for a failure."""
    return Reply(template="talk_passed_on", buttons=((BACK,),))


def back_to_bot() -> Reply:
    """Confirms that the person went back to the bot."""
    return Reply(template="talk_left", buttons=((TOPICS, person(HandOver.ASKED)),))


def not_talking() -> Reply:
    """Says that there is no open conversation with staff."""
    return Reply(template="talk_none", buttons=((TOPICS, person(HandOver.ASKED)),))


def thanked() -> Reply:
    """Thanks for confirming that the problem is solved."""
    return Reply(template="talk_solved")


def banned(ban: Ban, policy: Policy) -> Reply:
    """Says that the chat may not ask for a person, and why."""
    context = {"reason": ban.reason, "support": policy.support}
    return Reply(template="talk_banned", context=context, buttons=((TOPICS,),))


def news(  # noqa: PLR0911 - one a kind of news
    news: CallerNews, ticket: Ticket, policy: Policy, *, holder: Staff | None, ban: Ban | None
) -> Reply | None:
    """Notice of a staff action; None if it no longer holds."""
    match news:
        case CallerNews.TAKEN:
            return _taken(holder) if isinstance(ticket.state, Taken) else None
        case CallerNews.RELEASED:
            return _released(ticket) if isinstance(ticket.state, Waiting) else None
        case CallerNews.CLOSED:
            return _over(ticket) if isinstance(ticket.state, Closed) else None
        case CallerNews.BANNED:
            return None if ban is None else banned(ban, policy)
        case CallerNews.PARTED:
            return _parted() if isinstance(ticket.state, Closed) else None
        case CallerNews.LOST:
            return Reply(template="talk_lost", buttons=((BACK,),))
        case CallerNews.UNBANNED:
            return _unbanned() if ban is None else None
        case _:
            assert_never(news)


def _released(ticket: Ticket) -> Reply:
    return Reply(template="talk_released", context=_number(ticket), buttons=((BACK,),))


def _unbanned() -> Reply:
    return Reply(template="talk_unbanned", buttons=((TOPICS, person(HandOver.ASKED)),))


def _parted() -> Reply:
    return Reply(template="talk_parted", buttons=((TOPICS, person(HandOver.ASKED)),))


def _taken(holder: Staff | None) -> Reply:
    name = "" if holder is None else holder.name
    return Reply(template="talk_taken", context={"name": name}, buttons=((BACK,),))


def _over(ticket: Ticket) -> Reply:
    yes = Button(label="solved_yes", press=TalkButton("solved", str(ticket.id)))
    no = Button(label="solved_no", press=TalkButton("unsolved", str(ticket.id)))
    return Reply(template="talk_closed", context=_number(ticket), buttons=((yes, no),))


def _number(ticket: Ticket) -> dict[str, TicketId]:
    return {"number": ticket.id}
