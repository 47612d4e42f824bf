"""Start, help, linking a chat to an account and parting them again."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import ContactMayLink, HasOwnContact, Pressed
from bot.presentation.buttons import FROM_INLINE, ConfirmLink
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from knowledge.model import Library
from state.usecases.linking.link_chat import InspectLink, LinkChat, UnlinkChat
from state.usecases.linking.offer_link import OfferByContact


async def start(
    message: Message,
    command: CommandObject,
    reader: Reader,
    inspect_link: InspectLink,
    library: Library,
    contact_links: bool,  # noqa: FBT001 - given by name
) -> Replies:
    if not command.args or command.args == FROM_INLINE:
        linked = reader.chat.freelancer_id is not None
        notice = library.notice(reader.language)
        return views.account.welcome(notice, linked=linked, by_contact=contact_links)
    found = await inspect_link(reader.chat.id, command.args)
    return [views.account.link_preview(found, command.args)]


async def confirm_link(
    query: CallbackQuery,
    press: ConfirmLink,
    reader: Reader,
    link_chat: LinkChat,
) -> Replies:
    if press.answer != "yes":
        return [views.account.plain("link_declined")]
    linked = await link_chat(reader.chat.id, press.secret)
    return views.account.linked(linked, press.secret)


async def offer_by_contact(
    message: Message, number: str, reader: Reader, offer_by_contact: OfferByContact
) -> Replies:
    return [views.account.contact_found(await offer_by_contact(reader.chat.id, number))]


async def unlink(message: Message, reader: Reader, unlink_chat: UnlinkChat) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    await unlink_chat(reader.chat.id)
    return [views.account.plain("unlinked")]


async def show_help(message: Message) -> Replies:
    return [views.answers.what_it_can()]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(start, CommandStart())
    router.message.register(offer_by_contact, ContactMayLink(), HasOwnContact())
    router.message.register(show_help, Command("help"))
    router.message.register(unlink, Command("unlink"))
    router.callback_query.register(confirm_link, Pressed(ConfirmLink))
    return router
