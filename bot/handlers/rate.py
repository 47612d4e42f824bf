"""What people say of an answer: it helped, or it didn't, and why."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.answering import Answering
from bot.callbacks import Rate
from bot.handlers.filters import Pressed
from bot.middlewares.reader import Reader
from bot.reply import Replies
from bot.views import gathered as views
from state.model.question import Fault


async def take_yes(
    query: CallbackQuery, press: Rate, reader: Reader, answering: Answering
) -> Replies:
    rated = await answering.rate(reader, press.question_id, helpful=True)
    return views.answers.rated(rated)


async def take_no(
    query: CallbackQuery, press: Rate, reader: Reader, answering: Answering
) -> Replies:
    rated = await answering.rate(reader, press.question_id, helpful=False)
    return views.answers.rated(rated)


async def take_fault(
    query: CallbackQuery, press: Rate, reader: Reader, answering: Answering
) -> Replies:
    fault = Fault(press.verdict)
    rated = await answering.rate(reader, press.question_id, helpful=False, fault=fault)
    return views.answers.rated(rated)


def router() -> Router:
    router = Router(name=__name__)
    router.callback_query.register(take_yes, Pressed(Rate, verdict="yes"))
    router.callback_query.register(take_no, Pressed(Rate, verdict="no"))
    for fault in Fault:
        router.callback_query.register(take_fault, Pressed(Rate, verdict=fault))
    return router
