"""What is left to do for the full allowance."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import Pressed
from bot.presentation.buttons import OpenProgress
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.policy import Policy
from state.usecases.progress.read import ReadProgress
from state.usecases.snapshots.pull import AskForReading


async def show(
    event: Message | CallbackQuery,
    reader: Reader,
    read_progress: ReadProgress,
    ask_for_reading: AskForReading,
    policy: Policy,
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    awaited = await ask_for_reading(reader.chat.freelancer_id)
    found = await read_progress(reader.chat.freelancer_id)
    return [views.progress.reading(found, policy, awaited=awaited)]


async def press(
    query: CallbackQuery,
    press: OpenProgress,
    reader: Reader,
    read_progress: ReadProgress,
    ask_for_reading: AskForReading,
    policy: Policy,
) -> Replies:
    if press.how == "why":
        return [views.progress.why_allowance(policy)]
    if press.how == "show" or reader.chat.freelancer_id is None:
        return await show(query, reader, read_progress, ask_for_reading, policy)
    awaited = await ask_for_reading(reader.chat.freelancer_id, again=True)
    found = await read_progress(reader.chat.freelancer_id)
    return [views.progress.reading(found, policy, edit=True, awaited=awaited)]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(show, Command("connects"))
    router.callback_query.register(press, Pressed(OpenProgress))
    return router
