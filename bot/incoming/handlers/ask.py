"""Everything else is a question; this router is the last."""

from aiogram import Router
from aiogram.types import Message

from bot.articles.answers import Answering
from bot.gateways.telegram.messages import written
from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import HasText, IsCommand, IsLinkCode, WasEdited
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.usecases.linking.link_chat import InspectLink
from state.usecases.verification.read import ReadVerification


async def take_link_code(
    message: Message, code: str, reader: Reader, inspect_link: InspectLink
) -> Replies:
    return [views.account.link_preview(await inspect_link(reader.chat.id, code), code)]


async def answer_question(
    message: Message,
    reader: Reader,
    answering: Answering,
    read_verification: ReadVerification,
) -> Replies:
    edited = message.edit_date is not None
    given = await answering.ask(reader.chat, reader.language, message.message_id, written(message))
    replies = views.answers.given(given, edited=edited)
    if reader.chat.freelancer_id is not None and not edited:
        view = await read_verification(reader.chat.freelancer_id)
        replies += views.phone.where_you_stand(view, reader.chat.awaiting)
    return replies


async def refuse_command(message: Message) -> Replies:
    return [views.account.dead_end("unknown_command")]


async def ask_for_words(message: Message) -> Replies:
    return [views.account.dead_end("only_words")]


async def stay_silent(message: Message) -> Replies:
    return []


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(refuse_command, IsCommand())
    router.message.register(take_link_code, IsLinkCode())
    router.message.register(answer_question, HasText())
    router.message.register(stay_silent, WasEdited())  # a live location changes every minute
    router.message.register(ask_for_words)
    return router
