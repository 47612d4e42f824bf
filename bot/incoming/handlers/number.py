"""Another number for verification: typed, or shared as one's own contact."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.gateways.telegram.messages import written
from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import HasContact, HasOwnContact, LooksLikeNumber, Pressed
from bot.presentation.buttons import Verify
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.channel import Channel
from state.model.chat import Awaiting
from state.policy import Policy
from state.usecases.verification.number import EditNumber, ExpectInput, TakeContact
from state.usecases.verification.read import ReadVerification


async def ask_for_number(
    query: CallbackQuery, reader: Reader, expect_input: ExpectInput
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    await expect_input(reader.chat.id, Awaiting.NUMBER)
    return [views.phone.number_asked()]


async def take_number(
    message: Message,
    reader: Reader,
    edit_number: EditNumber,
    read_verification: ReadVerification,
    policy: Policy,
    channels: frozenset[Channel],
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    edited = await edit_number(reader.chat.freelancer_id, written(message))
    view = await read_verification(reader.chat.freelancer_id)
    return views.phone.number_edited(edited, view, policy, channels)


async def take_contact(
    message: Message,
    reader: Reader,
    take_contact: TakeContact,
    number: str,
    read_verification: ReadVerification,
    policy: Policy,
    channels: frozenset[Channel],
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    taken = await take_contact(reader.chat.freelancer_id, number)
    view = await read_verification(reader.chat.freelancer_id)
    return views.phone.number_edited(taken, view, policy, channels)


async def refuse_contact(message: Message) -> Replies:
    return [views.account.plain("contact_refused")]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(take_contact, HasOwnContact())
    router.message.register(refuse_contact, HasContact())
    router.message.register(take_number, LooksLikeNumber())
    router.callback_query.register(ask_for_number, Pressed(Verify, act="edit"))
    return router
