"""What people say of an answer: it helped, or it didn't, and why."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.articles.answers import Answering
from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import Pressed
from bot.presentation.buttons import Rate
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.question import Fault


async def take_yes(
    query: CallbackQuery, press: Rate, reader: Reader, answering: Answering
) -> Replies:
    rated = await answering.rate(reader.chat, reader.language, press.question_id, helpful=True)
    return views.answers.rated(rated)


async def take_no(
    query: CallbackQuery, press: Rate, reader: Reader, answering: Answering
) -> Replies:
    rated = await answering.rate(reader.chat, reader.language, press.question_id, helpful=False)
    return views.answers.rated(rated)


async def take_fault(
    query: CallbackQuery, press: Rate, reader: Reader, answering: Answering
) -> Replies:
    fault = Fault(press.verdict)
    rated = await answering.rate(
        reader.chat, reader.language, press.question_id, helpful=False, fault=fault
    )
    return views.answers.rated(rated)


def router() -> Router:
    router = Router(name=__name__)
    router.callback_query.register(take_yes, Pressed(Rate, verdict="yes"))
    router.callback_query.register(take_no, Pressed(Rate, verdict="no"))
    for fault in Fault:
        router.callback_query.register(take_fault, Pressed(Rate, verdict=fault))
    return router
