"""Handlers of Connects progress and of "what if" questions about it."""

from bot.incoming.routing import button_with, command, linked, linked_with
from bot.incoming.turn import Turn
from bot.presentation.buttons import OpenProgress, WhatIfButton
from bot.presentation.reply import Replies
from bot.presentation.views import progress as progress_views
from bot.presentation.views import what_if as what_if_views
from state.model.account import FreelancerId, Progress


async def show(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    awaited = await turn.use.ask_for_reading(freelancer_id)
    found = await turn.use.read_progress(freelancer_id)
    return [progress_views.reading(found, turn.policy, awaited=awaited)]


async def show_why(turn: Turn, _: OpenProgress) -> Replies:
    return [progress_views.why_allowance(turn.policy)]


async def press(turn: Turn, freelancer_id: FreelancerId, press: OpenProgress) -> Replies:
    if press.how == "show":
        return await show(turn, freelancer_id)
    awaited = await turn.use.ask_for_reading(freelancer_id, again=True)
    found = await turn.use.read_progress(freelancer_id)
    return [progress_views.reading(found, turn.policy, edit=True, awaited=awaited)]


async def suppose(turn: Turn, freelancer_id: FreelancerId, press: WhatIfButton) -> Replies:
    """Show the progress as it would be after the changes; nothing is stored."""
    now = await turn.use.read_progress(freelancer_id)
    changes = what_if_views.supposed(press, turn.policy).changes
    then = await turn.use.read_what_if(freelancer_id, changes)
    if isinstance(now, Progress) and isinstance(then, Progress):
        return [what_if_views.what_if(now, then, press, turn.policy)]
    return [progress_views.reading(now, turn.policy)]


ROUTES = (
    command("connects", linked(show)),
    button_with(OpenProgress, show_why, lambda press: press.how == "why"),
    button_with(OpenProgress, linked_with(press)),
    button_with(WhatIfButton, linked_with(suppose)),
)
