"""Handlers of weekly reminders: ask, switch on, switch off."""

from bot.incoming.handlers.conditions import says_stop
from bot.incoming.routing import button, command, linked, message
from bot.incoming.turn import Turn
from bot.presentation.buttons import ReminderButton
from bot.presentation.reply import Replies
from bot.presentation.views import nudges as nudge_views
from state.model.account import FreelancerId


async def ask(turn: Turn, _: FreelancerId) -> Replies:
    return [nudge_views.asked(turn.chat.nudge_at)]


async def turn_on(turn: Turn, _: FreelancerId) -> Replies:
    return [nudge_views.answered(await turn.use.set_nudges(turn.chat.id, enabled=True))]


async def begin(turn: Turn, _: FreelancerId) -> Replies:
    return [nudge_views.asked(await turn.use.set_nudges(turn.chat.id, enabled=True))]


async def turn_off(turn: Turn) -> Replies:
    return [nudge_views.answered(await turn.use.set_nudges(turn.chat.id, enabled=False))]


async def stop(turn: Turn) -> Replies:
    await turn.use.set_nudges(turn.chat.id, enabled=False)
    return [nudge_views.asked(None)]


ROUTES = (
    command("nudges", linked(ask)),
    command("stop", stop),
    message(stop, says_stop),
    button(ReminderButton, linked(ask), lambda press: press.act == "show"),
    button(ReminderButton, linked(turn_on), lambda press: press.act == "on"),
    button(ReminderButton, turn_off, lambda press: press.act == "off"),
    button(ReminderButton, stop, lambda press: press.act == "stop"),
)
