"""Handler of /staff: a sign-in link to the staff pages, for staff only."""

from bot.incoming.routing import command
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies
from bot.presentation.views import account as account_views
from state.model.staff import StaffId


async def give_link(turn: Turn) -> Replies:
    """Reply with a sign-in link; the id of a private chat is its person's id."""
    offered = await turn.use.offer_sign_in(StaffId(turn.chat.id))
    return [account_views.link(offered, turn.config.staff_address)]


ROUTES = (command("staff", give_link),)
