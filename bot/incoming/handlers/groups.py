"""In a group the bot answers commands with the way to a private chat, and nothing else."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.incoming.handlers.filters import InGroup
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views


async def point_to_private(message: Message) -> Replies:
    return [views.account.plain("private_only")]


async def stay_silent(event: Message | CallbackQuery) -> Replies:
    return []


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(
        point_to_private,
        InGroup(),
        Command("start", "help", "connects", "verify", "nudges", "privacy", "export", "forget"),
    )
    router.message.register(stay_silent, InGroup())
    router.callback_query.register(stay_silent, InGroup())
    return router
