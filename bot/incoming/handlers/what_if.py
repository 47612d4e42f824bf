"""What would be open after this or that; nothing is stored."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import Pressed
from bot.presentation.buttons import Suppose
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.account import Progress
from state.policy import Policy
from state.usecases.progress.read import ReadProgress, ReadWhatIf


async def suppose(
    query: CallbackQuery,
    press: Suppose,
    reader: Reader,
    read_progress: ReadProgress,
    read_what_if: ReadWhatIf,
    policy: Policy,
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    now = await read_progress(reader.chat.freelancer_id)
    changes = views.what_if.supposed(press, policy).changes
    then = await read_what_if(reader.chat.freelancer_id, changes)
    if isinstance(now, Progress) and isinstance(then, Progress):
        return [views.what_if.what_if(now, then, press, policy)]
    return [views.progress.reading(now, policy)]


def router() -> Router:
    router = Router(name=__name__)
    router.callback_query.register(suppose, Pressed(Suppose))
    return router
