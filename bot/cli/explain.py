"""`helpdesk explain verification`: each line of the audit trail, and the rule behind it."""

import json
from collections.abc import Iterator

from bot.cli.errors import CommandError, ExitCode
from bot.context import open_desk
from bot.presentation.views.verification_history import rule_of, standing_of
from bot.settings import Settings
from state.model.account import FreelancerId
from state.policy import Policy
from state.usecases.verification.read import VerificationHistory


async def history_lines(settings: Settings, freelancer_id: str, *, as_json: bool) -> list[str]:
    """A freelancer's verification history; as JSON, a single line.

    CommandError if there is none.
    """
    wanted = FreelancerId(freelancer_id)
    async with open_desk(settings) as desk:
        story = await desk.records.ask(lambda use: use.explain_verification(wanted))
        policy = desk.policy
    if story is None:
        message = f"nothing is known of a verification of '{freelancer_id}'."
        raise CommandError(message, ExitCode.FAULTS)
    return [_json(story, policy)] if as_json else [*_lines(story, policy)]


def _lines(story: VerificationHistory, policy: Policy) -> Iterator[str]:
    for event in story.lines:
        told = " ".join(filter(None, (event.kind, event.detail)))
        yield f"{event.at:%d %b %Y %H:%M:%S} UTC  {told}  ({event.actor})"
        yield f"    {rule_of(event, policy)}"
    yield f"Now: {standing_of(story)}"
    same = "the same" if story.agrees else "NOT THE SAME: somebody changed the database by hand"
    yield f"Told again from these lines: {same}."


def _json(story: VerificationHistory, policy: Policy) -> str:
    lines = [
        {
            "at": event.at.isoformat(),
            "kind": event.kind,
            "actor": event.actor,
            "detail": event.detail,
            "rule": rule_of(event, policy),
        }
        for event in story.lines
    ]
    until = story.locked_until
    found = {
        "lines": lines,
        "now": standing_of(story),
        "tries_left": story.tries_left,
        "locked_until": None if until is None else until.isoformat(),
        "agrees": story.agrees,
    }
    return json.dumps(found, ensure_ascii=False)
