"""The way into the staff's pages: a link, for whoever is staff."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.incoming.chat_context import Reader
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.staff import StaffId
from state.usecases.staff.sign_in import OfferSignIn


async def give_link(
    message: Message, reader: Reader, offer_sign_in: OfferSignIn, staff_address: str | None
) -> Replies:
    """A private chat has the id of the person in it."""
    offered = await offer_sign_in(StaffId(reader.chat.id))
    return [views.staff_door.link(offered, staff_address)]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(give_link, Command("staff"))
    return router
