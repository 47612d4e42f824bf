"""Views in the staff group: request summary (packet), news, and refused commands."""

from typing import Any, assert_never

from bot.presentation.reply import Reply
from bot.presentation.views.progress import plan_name
from knowledge.model import Library
from state.model.account import Blocked, Done, Due, NotNeeded, Progress, StepProgress, Unknown
from state.model.ticket import Asked, Closed, Taken, Ticket, TicketId, Waiting
from state.model.work import GroupNews
from state.policy import MeterStep, Policy
from state.rules.standing import CallRunning, CanCall, Locked, NotStarted, VerifiedStanding
from state.rules.tickets import HeldByOther, NotOpen, OwnerChanged, ReplyRequired
from state.usecases.tickets.hold import NoTicket
from state.usecases.tickets.read import TicketSummary
from state.usecases.verification.read import VerificationView


def packet_matter(ticket_id: TicketId) -> str:
    """Matter of a ticket's summary message, which later summaries edit."""
    return f"packet:{ticket_id}"


def packet(shown: TicketSummary, policy: Policy, library: Library) -> Reply:
    """Summary of a request: all that the bot knows, with phone numbers masked."""
    ticket, progress = shown.ticket, shown.progress
    return Reply(
        template="desk_packet",
        context={
            "number": ticket.id,
            "who": shown.who,
            "reason": ticket.reason.value,
            "opened_at": ticket.opened_at,
            "reopened": ticket.reopened,
            "state": _state(ticket),
            "waiting_since": ticket.waiting_since,
            "holder": shown.holder.name if shown.holder else "",
            "solved": ticket.solved,
            "banned": shown.ban.reason if shown.ban else None,
            "asked": [_asked(one, ticket, library) for one in ticket.asked],
            "progress": progress,
            "plan": plan_name(progress, policy) if progress else "",
            "steps": [_step(one, progress, policy) for one in progress.steps] if progress else [],
            "verification": _verification(shown.verification),
        },
        matter=packet_matter(ticket.id),
    )


def news(news: GroupNews, *, name: str, detail: str) -> Reply:
    """One line about an event of a conversation."""
    context = {"what": news.value, "name": name, "detail": detail}
    return Reply(template="desk_news", context=context)


def said(*, name: str, text: str) -> Reply:
    """A message written on the staff pages, or an article sent by staff."""
    return Reply(template="desk_said", context={"name": name, "text": text})


def edited(text: str) -> Reply:
    """Reply to a message whose edit Telegram no longer accepts."""
    return Reply(template="desk_edited", context={"text": text})


def refused(
    why: HeldByOther | ReplyRequired | NotOpen | OwnerChanged | NoTicket, *, name: str = ""
) -> Reply:
    """Says why a staff action was refused."""
    match why:
        case HeldByOther():
            return Reply(template="desk_held", context={"name": name})
        case ReplyRequired():
            return Reply(template="desk_answer_first", context={"name": name})
        case NotOpen() | NoTicket():
            return Reply(template="desk_closed")
        case OwnerChanged():
            return Reply(template="desk_parted")
        case _:
            assert_never(why)


def plain(template: str) -> Reply:
    """A message of a template without context."""
    return Reply(template=template)


def usage(command: str) -> Reply:
    """Usage of a command that lacks its argument."""
    return Reply(template="desk_usage", context={"command": command})


def too_long(characters: int, most: int) -> Reply:
    """Refusal of a command whose argument has more characters than are allowed."""
    return Reply(template="desk_too_long", context={"characters": characters, "most": most})


def _state(ticket: Ticket) -> str:
    match ticket.state:
        case Waiting():
            return "waiting"
        case Taken():
            return "taken"
        case Closed():
            return "closed"
        case _:
            assert_never(ticket.state)


def _asked(asked: Asked, ticket: Ticket, library: Library) -> dict[str, Any]:
    article = library.article(asked.slug, ticket.language) if asked.slug else None
    return {
        "words": asked.words,
        "outcome": asked.outcome.value,
        "title": article.title if article else asked.slug,
        "sure": round(100 * asked.score),
        "helpful": asked.helpful,
        "fault": asked.fault.value if asked.fault else None,
    }


def _step(one: StepProgress, progress: Progress, policy: Policy) -> dict[str, Any]:
    rule = next(step for step in policy.steps if step.id == one.step)
    meter = progress.completeness if isinstance(rule, MeterStep) else None
    return {
        "name": rule.name,
        "status": status(one),
        "missing": len(one.standing.missing) if isinstance(one.standing, Due) else 0,
        "meter": meter,
    }


def status(step: StepProgress) -> str:
    """Name of a step's status in the staff templates."""
    match step.standing:
        case Done():
            return "done"
        case Due():
            return "due"
        case Unknown():
            return "unknown"
        case NotNeeded():
            return "not_needed"
        case Blocked():
            return "blocked"
        case _:
            assert_never(step.standing)


def _verification(view: VerificationView | None) -> dict[str, Any] | None:
    """Verification status and attempts left; the phone number is masked."""
    if view is None:
        return None
    context: dict[str, Any] = {
        "number": view.number,
        "attempts": view.attempts,
        "left": None,
        "until": None,
    }
    match view.standing:
        case NotStarted():
            return context | {"status": "not_started", "left": view.attempts}
        case CanCall(left):
            return context | {"status": "open", "left": left}
        case CallRunning(tries_left=left):
            return context | {"status": "running", "left": left}
        case Locked(until):
            return context | {"status": "locked", "until": until, "left": 0}
        case VerifiedStanding():
            return context | {"status": "verified"}
        case _:
            assert_never(view.standing)
