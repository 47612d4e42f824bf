"""A desk without a telephone line says so before anybody waits for a call."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot import views
from bot.callbacks import Verify
from bot.handlers.filters import CallsAreOff, Pressed
from bot.reply import Replies


async def refuse_calls(event: Message | CallbackQuery) -> Replies:
    return [views.phone.calls_are_off()]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(refuse_calls, Command("verify"), CallsAreOff())
    router.callback_query.register(refuse_calls, Pressed(Verify, act="start"), CallsAreOff())
    router.callback_query.register(refuse_calls, Pressed(Verify, act="call"), CallsAreOff())
    return router
