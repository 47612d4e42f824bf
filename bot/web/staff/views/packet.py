"""View of a request's summary (packet): what the desk knows of the person."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from bot.presentation.views.staff_group import status
from knowledge.model import Library
from state.model.account import Progress
from state.policy import Policy
from state.rules.standing import (
    CallRunning,
    CanCall,
    Locked,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
)
from state.usecases.tickets.read import TicketSummary


def packet(summary: TicketSummary, policy: Policy, library: Library) -> dict[str, object]:
    """Template context of the summary."""
    ticket, progress = summary.ticket, summary.progress
    titles: dict[str, str] = {one.slug: one.title for one in library.articles(ticket.language)}
    return {
        "who": summary.who,
        "language": ticket.language,
        "freelancer": progress.id if progress else "",
        "asked": [
            {
                "words": one.words or "",
                "outcome": one.outcome.value,
                "title": titles.get(one.slug, one.slug) if one.slug else "",
                "score": 100 * one.score,
                "helpful": one.helpful,
                "fault": one.fault.value.replace("_", " ") if one.fault else "",
                "at": one.at,
            }
            for one in ticket.asked
        ],
        "progress": progress,
        "steps": _steps(progress, policy) if progress else [],
        "verification": summary.verification,
        "standing": _standing(summary.verification.standing) if summary.verification else None,
    }


def _steps(progress: Progress, policy: Policy) -> Sequence[Mapping[str, object]]:
    names = {step.id: step.name for step in policy.steps}
    return [{"name": names[one.step], "status": status(one)} for one in progress.steps]


def _standing(found: VerificationStanding) -> Mapping[str, object]:
    match found:
        case NotStarted():
            return {"what": "not_started"}
        case CallRunning(tries_left=left):
            return {"what": "running", "left": left}
        case Locked(until):
            return {"what": "locked", "at": until}
        case VerifiedStanding(at):
            return {"what": "verified", "at": at}
        case CanCall(left):
            return {"what": "can_call", "left": left}
        case _:
            assert_never(found)
