"""Handlers of phone verification: standing, call, code message, cancelling.

If no channel for codes is configured, that is said before anything else.
"""

from bot.incoming.handlers.conditions import are_off, is_code, is_telegram_code
from bot.incoming.routing import button, command, linked, message
from bot.incoming.turn import Turn
from bot.presentation.buttons import Verify
from bot.presentation.reply import Replies
from bot.presentation.views import account as account_views
from bot.presentation.views import verification as verification_views
from state.model.account import FreelancerId
from state.model.channel import Channel
from state.model.chat import Awaiting


async def refuse_calls(turn: Turn) -> Replies:
    return [verification_views.calls_are_off()]


async def begin(turn: Turn) -> Replies:
    show = linked(show_standing) if turn.config.channels else refuse_calls
    return await show(turn)


async def show_standing(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    view = await turn.use.read_verification(freelancer_id)
    if view.needs_number:
        await turn.use.expect_input(turn.chat.id, Awaiting.NUMBER)
    return [verification_views.standing(view, turn.policy, turn.config.channels)]


async def ask_for_call(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    decision = await turn.use.request_call(freelancer_id)
    return verification_views.call_decision(decision, turn.policy, turn.config.channels)


async def ask_for_message(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    decision = await turn.use.request_call(freelancer_id, Channel.GATEWAY)
    return verification_views.call_decision(decision, turn.policy, turn.config.channels)


async def take_code(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    judged = await turn.use.submit_code(freelancer_id, turn.text)
    view = await turn.use.read_verification(freelancer_id)
    return [verification_views.code_judged(judged, view)]


async def warn_of_login_code(turn: Turn) -> Replies:
    return [account_views.plain("login_code")]


async def cancel(turn: Turn) -> Replies:
    return [verification_views.cancelled(was_running=await stop_all(turn))]


async def stop_all(turn: Turn) -> bool:
    """Stop a running call, and expect no number any more; False if there was neither."""
    stopped = turn.chat.awaiting is not Awaiting.NOTHING
    if turn.chat.freelancer_id is not None:
        await turn.use.expect_input(turn.chat.id, Awaiting.NOTHING)
        stopped = await turn.use.cancel_call(turn.chat.freelancer_id) or stopped
    return stopped


async def skip_reminder(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    return [verification_views.reminder_skipped(await turn.use.skip_reminder(freelancer_id))]


ROUTES = (
    button(Verify, refuse_calls, lambda press: press.act == "call", are_off(Channel.CALL)),
    button(Verify, refuse_calls, lambda press: press.act == "message", are_off(Channel.GATEWAY)),
    command("verify", begin),
    command("cancel", cancel),
    message(linked(take_code), is_code),
    message(warn_of_login_code, is_telegram_code),
    button(Verify, begin, lambda press: press.act == "start"),
    button(Verify, linked(ask_for_call), lambda press: press.act == "call"),
    button(Verify, linked(ask_for_message), lambda press: press.act == "message"),
    button(Verify, cancel, lambda press: press.act == "cancel"),
    button(Verify, linked(skip_reminder), lambda press: press.act == "quiet"),
)
