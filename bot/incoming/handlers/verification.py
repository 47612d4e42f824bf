"""Phone verification: where one stands, the number, the call, and stopping it."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.gateways.telegram.messages import written
from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import IsCode, IsTelegramCode, Pressed
from bot.presentation.buttons import Verify
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.channel import Channel
from state.model.chat import Awaiting
from state.policy import Policy
from state.usecases.verification.number import ExpectInput
from state.usecases.verification.read import ReadVerification
from state.usecases.verification.reminders import SkipReminder
from state.usecases.verification.request_call import CancelCall, RequestCall
from state.usecases.verification.run_call import SubmitCode


async def show_standing(
    event: Message | CallbackQuery,
    reader: Reader,
    read_verification: ReadVerification,
    expect_input: ExpectInput,
    policy: Policy,
    channels: frozenset[Channel],
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    view = await read_verification(reader.chat.freelancer_id)
    if view.needs_number:
        await expect_input(reader.chat.id, Awaiting.NUMBER)
    return [views.phone.standing(view, policy, channels)]


async def ask_for_call(
    query: CallbackQuery,
    reader: Reader,
    request_call: RequestCall,
    policy: Policy,
    channels: frozenset[Channel],
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    decision = await request_call(reader.chat.freelancer_id)
    return views.phone.call_decision(decision, policy, channels)


async def ask_for_message(
    query: CallbackQuery,
    reader: Reader,
    request_call: RequestCall,
    policy: Policy,
    channels: frozenset[Channel],
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    decision = await request_call(reader.chat.freelancer_id, Channel.GATEWAY)
    return views.phone.call_decision(decision, policy, channels)


async def take_code(
    message: Message,
    reader: Reader,
    submit_code: SubmitCode,
    read_verification: ReadVerification,
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    judged = await submit_code(reader.chat.freelancer_id, written(message))
    view = await read_verification(reader.chat.freelancer_id)
    return [views.phone.code_judged(judged, view)]


async def warn_of_login_code(message: Message) -> Replies:
    return [views.account.plain("login_code")]


async def cancel(
    event: Message | CallbackQuery,
    reader: Reader,
    cancel_call: CancelCall,
    expect_input: ExpectInput,
) -> Replies:
    stopped = reader.chat.awaiting is not Awaiting.NOTHING
    if reader.chat.freelancer_id is not None:
        await expect_input(reader.chat.id, Awaiting.NOTHING)
        stopped = await cancel_call(reader.chat.freelancer_id) or stopped
    return [views.phone.cancelled(something=stopped)]


async def skip_reminder(
    query: CallbackQuery, reader: Reader, skip_reminder: SkipReminder
) -> Replies:
    if reader.chat.freelancer_id is None:
        return [views.account.not_linked()]
    return [views.phone.reminder_skipped(await skip_reminder(reader.chat.freelancer_id))]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(show_standing, Command("verify"))
    router.message.register(cancel, Command("cancel"))
    router.message.register(take_code, IsCode())
    router.message.register(warn_of_login_code, IsTelegramCode())
    router.callback_query.register(show_standing, Pressed(Verify, act="start"))
    router.callback_query.register(ask_for_call, Pressed(Verify, act="call"))
    router.callback_query.register(ask_for_message, Pressed(Verify, act="message"))
    router.callback_query.register(cancel, Pressed(Verify, act="cancel"))
    router.callback_query.register(skip_reminder, Pressed(Verify, act="quiet"))
    return router
