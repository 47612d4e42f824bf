"""A desk that can't verify a number says so before anybody waits for a call or a message."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.incoming.handlers.filters import AreOff, Pressed
from bot.presentation.buttons import Verify
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.channel import Channel


async def refuse_calls(event: Message | CallbackQuery) -> Replies:
    return [views.phone.calls_are_off()]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(refuse_calls, Command("verify"), AreOff(*Channel))
    router.callback_query.register(refuse_calls, Pressed(Verify, act="start"), AreOff(*Channel))
    for act, channel in (("call", Channel.CALL), ("message", Channel.GATEWAY)):
        router.callback_query.register(refuse_calls, Pressed(Verify, act=act), AreOff(channel))
    return router
