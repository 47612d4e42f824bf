"""Handlers of /start, /help, and linking or unlinking an account."""

from bot.incoming.handlers.conditions import contact_may_link, own_contact
from bot.incoming.routing import button_with, command, linked, message_with
from bot.incoming.turn import Turn
from bot.presentation.buttons import FROM_INLINE, ConfirmLink
from bot.presentation.reply import Replies
from bot.presentation.views import account as account_views
from bot.presentation.views import answers as answer_views
from state.model.account import FreelancerId


async def start(turn: Turn) -> Replies:
    secret = turn.command.arguments if turn.command else ""
    if secret in {"", FROM_INLINE}:
        return account_views.welcome(
            turn.library.notice(turn.language),
            linked=turn.chat.freelancer_id is not None,
            by_contact=turn.config.contact_links,
        )
    found = await turn.use.inspect_link(turn.chat.id, secret)
    return [account_views.link_preview(found, secret)]


async def confirm_link(turn: Turn, press: ConfirmLink) -> Replies:
    if press.answer != "yes":
        return [account_views.plain("link_declined")]
    outcome = await turn.use.link_chat(turn.chat.id, press.secret)
    return account_views.linked(outcome, press.secret)


async def offer_by_contact(turn: Turn, number: str) -> Replies:
    return [account_views.contact_found(await turn.use.offer_by_contact(turn.chat.id, number))]


async def show_how_to_link(turn: Turn) -> Replies:
    return account_views.how_to_link(
        linked=turn.chat.freelancer_id is not None, by_contact=turn.config.contact_links
    )


async def unlink(turn: Turn, _: FreelancerId) -> Replies:
    await turn.use.unlink_chat(turn.chat.id)
    return [account_views.plain("unlinked")]


async def show_help(turn: Turn) -> Replies:
    return [answer_views.capabilities()]


ROUTES = (
    command("start", start),
    message_with(own_contact, offer_by_contact, contact_may_link),
    command("help", show_help),
    command("unlink", linked(unlink)),
    button_with(ConfirmLink, confirm_link),
)
