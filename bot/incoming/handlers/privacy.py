"""One's own data: what is kept, all of it as a file, and its end."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import Pressed, Recently
from bot.presentation.buttons import Theirs
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.policy import Policy
from state.ports import Clock
from state.usecases.privacy.export import RequestExport
from state.usecases.privacy.forget import ForgetChat


async def show_privacy(message: Message, policy: Policy) -> Replies:
    return [views.privacy.privacy(policy)]


async def export(
    event: Message | CallbackQuery, reader: Reader, request_export: RequestExport
) -> Replies:
    await request_export(reader.chat.id)
    return []


async def ask_to_erase(event: Message | CallbackQuery, reader: Reader, clock: Clock) -> Replies:
    linked = reader.chat.freelancer_id is not None
    return [views.privacy.erasure_asked(clock.now(), linked=linked)]


async def erase(query: CallbackQuery, reader: Reader, forget_chat: ForgetChat) -> Replies:
    await forget_chat(reader.chat.id)
    return []


async def keep(query: CallbackQuery) -> Replies:
    return [views.privacy.kept()]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(show_privacy, Command("privacy"))
    router.message.register(export, Command("export"))
    router.message.register(ask_to_erase, Command("forget"))
    router.callback_query.register(export, Pressed(Theirs, act="export"))
    router.callback_query.register(ask_to_erase, Pressed(Theirs, act="ask"))
    router.callback_query.register(keep, Pressed(Theirs, act="keep"))
    router.callback_query.register(erase, Pressed(Theirs, act="erase"), Recently())
    router.callback_query.register(ask_to_erase, Pressed(Theirs, act="erase"))
    return router
