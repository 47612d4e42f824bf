"""Handlers of changing the number to verify: typed, or shared as own contact."""

from bot.incoming.handlers.conditions import (
    is_number,
    others_contact_outside_talk,
    own_contact,
)
from bot.incoming.routing import button, linked, linked_with, message, message_with
from bot.incoming.turn import Turn
from bot.presentation.buttons import Verify
from bot.presentation.reply import Replies
from bot.presentation.views import account as account_views
from bot.presentation.views import verification as verification_views
from state.model.account import FreelancerId
from state.model.chat import Awaiting


async def ask_for_number(turn: Turn, _: FreelancerId) -> Replies:
    await turn.use.expect_input(turn.chat.id, Awaiting.NUMBER)
    return [verification_views.number_asked()]


async def take_number(turn: Turn, freelancer_id: FreelancerId) -> Replies:
    edited = await turn.use.edit_number(freelancer_id, turn.text)
    view = await turn.use.read_verification(freelancer_id)
    return verification_views.number_edited(edited, view, turn.policy, turn.config.channels)


async def take_contact(turn: Turn, freelancer_id: FreelancerId, number: str) -> Replies:
    taken = await turn.use.take_contact(freelancer_id, number)
    view = await turn.use.read_verification(freelancer_id)
    return verification_views.number_edited(taken, view, turn.policy, turn.config.channels)


async def refuse_contact(turn: Turn) -> Replies:
    return [account_views.plain("contact_refused")]


ROUTES = (
    message_with(own_contact, linked_with(take_contact)),
    message(refuse_contact, others_contact_outside_talk),
    message(linked(take_number), is_number),
    button(Verify, linked(ask_for_number), lambda press: press.act == "edit"),
)
