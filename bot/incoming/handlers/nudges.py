"""A reminder once a week, for whoever wants one."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import Pressed, SaysStop
from bot.presentation.buttons import Nudging
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.usecases.nudges import SetNudges


async def ask(event: Message | CallbackQuery, reader: Reader) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    return [views.nudges.asked(reader.chat.nudge_at)]


async def turn_on(query: CallbackQuery, reader: Reader, set_nudges: SetNudges) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    return [views.nudges.answered(await set_nudges(reader.chat.id, wanted=True))]


async def turn_off(query: CallbackQuery, reader: Reader, set_nudges: SetNudges) -> Replies:
    return [views.nudges.answered(await set_nudges(reader.chat.id, wanted=False))]


async def stop(event: Message | CallbackQuery, reader: Reader, set_nudges: SetNudges) -> Replies:
    await set_nudges(reader.chat.id, wanted=False)
    return [views.nudges.asked(None)]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(ask, Command("nudges"))
    router.message.register(stop, Command("stop"))
    router.message.register(stop, SaysStop())
    router.callback_query.register(ask, Pressed(Nudging, act="show"))
    router.callback_query.register(turn_on, Pressed(Nudging, act="on"))
    router.callback_query.register(turn_off, Pressed(Nudging, act="off"))
    router.callback_query.register(stop, Pressed(Nudging, act="stop"))
    return router
