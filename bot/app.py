"""The composition root: builds the bot once and runs it until it is left."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiogram import Dispatcher
from aiogram.types import Update

from bot import handlers
from bot.config import Settings, SettingsError, require
from bot.content import answer_engine, load_library, load_templating
from bot.deliveries import Deliveries, Line
from bot.desk import Desk, open_desk
from bot.doors import Doors, webhook_secret
from bot.gateways.commands_menu import introduce
from bot.gateways.courtesy import Courtesy
from bot.gateways.own_name import NamedBot
from bot.gateways.telegram import BotApi, Calls, Messenger, TelegramError
from bot.gateways.twilio import TwilioCalls
from bot.gateways.updates import LongPolling, RefusedTokenError, introduction, push_to
from bot.inbox import Intake, Lanes, Polling, RunNext
from bot.middlewares.reader import ReaderMiddleware
from bot.outbox import OutboxWorker
from bot.presenter import Presenter
from bot.templating import Templating
from bot.turn import Turns
from bot.web.server import application, listening
from bot.web.twiml import Dialogue
from knowledge.model import Library
from state.ports import Clock, UnitOfWork

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that turns and deliveries under way get to finish when the bot is stopped."""


def build_dispatcher(desk: Desk, library: Library) -> Dispatcher:
    """Fresh each time; what handlers may ask for is here, in the turn and in the middleware."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(ReaderMiddleware())
    dispatcher.include_routers(*handlers.routers())
    dispatcher.workflow_data.update(
        policy=desk.policy,
        library=library,
        engine=answer_engine(library),
        clock=desk.clock,
        calls_are_on=desk.settings.calls_are_on,
    )
    return dispatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that run side by side."""

    desk: Desk
    run_next: RunNext
    api: Calls
    username: str
    templating: Templating
    lanes: Lanes
    intake: Intake
    outbox: OutboxWorker
    courtesy: Courtesy
    doors: Doors


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[None]:
    """The whole bot, ready when this is entered; leaving it stops it without loss."""
    _check(settings)
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(open_desk(settings, clock=clock))
        api = await stack.enter_async_context(_api(settings))
        line = await _line(settings, stack)
        bot = assemble(desk, api, await _username(api), line)
        await stack.enter_async_context(_working(bot))
        bot.lanes.wake(await desk.database.inbox_door.waiting_lanes())
        await _open_doors(bot, stack)
        gc.collect()
        gc.freeze()
        yield


def _check(settings: Settings) -> None:
    require(settings, "token", "peppers")
    if settings.public_url:
        require(settings, "webhook_secret")
    if settings.voice == "twilio":
        require(settings, "public_url", "twilio_account_sid", "twilio_auth_token", "twilio_from")


def _api(settings: Settings) -> BotApi:
    return BotApi(base_url=settings.telegram_api, token=_token(settings))


def _token(settings: Settings) -> str:
    return settings.token.get_secret_value() if settings.token else ""


async def _line(settings: Settings, stack: AsyncExitStack) -> TwilioCalls | None:
    if not settings.calls_are_on:
        return None
    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
    return await stack.enter_async_context(
        TwilioCalls(
            base_url=settings.twilio_api,
            account_sid=settings.twilio_account_sid or "",
            auth_token=token,
            caller=settings.twilio_from or "",
        )
    )


def assemble(desk: Desk, api: Calls, username: str, calls: TwilioCalls | None) -> Parts:
    templating = load_templating(desk.settings)
    present = Presenter(templating)
    dialogue = Dialogue(templating, desk.settings.public_url or "")
    courtesy = Courtesy(api)
    deliveries = Deliveries(
        messenger=Messenger(api),
        present=present,
        transact=desk.database.transact,
        look=desk.database.look,
        provide=desk.use_cases,
        policy=desk.policy,
        clock=desk.clock,
        line=Line(calls=calls, dialogue=dialogue) if calls else None,
    )
    outbox = OutboxWorker(
        door=desk.database.outbox_door,
        transact=desk.database.transact,
        deliver=deliveries,
        clock=desk.clock,
    )
    turns = Turns(
        dispatcher=build_dispatcher(desk, load_library(desk.settings)),
        bot=NamedBot(_token(desk.settings), username),
        transact=desk.database.transact,
        provide=lambda unit: _provided(desk, unit),
        present=present,
        clock=desk.clock,
        courtesy=lambda update: _answer_press(courtesy, update),
        committed=outbox.wake,
    )
    lanes = Lanes(turns.run_next, width=desk.database.width)
    intake = Intake(desk.database.inbox_door, lanes, desk.clock)
    return Parts(
        desk=desk,
        run_next=turns.run_next,
        api=api,
        username=username,
        templating=templating,
        lanes=lanes,
        intake=intake,
        outbox=outbox,
        courtesy=courtesy,
        doors=Doors(
            desk=desk,
            username=username,
            take=intake.take,
            dialogue=dialogue,
            committed=outbox.wake,
        ),
    )


def _provided(desk: Desk, unit: UnitOfWork) -> Mapping[str, object]:
    return desk.use_cases(unit).by_name()


def _answer_press(courtesy: Courtesy, update: Update) -> None:
    if update.callback_query is not None:
        courtesy.answer_press(update.callback_query.id)


async def _username(api: BotApi) -> str:
    try:
        return str((await introduction(api))["username"])
    except RefusedTokenError:
        raise SettingsError(
            "HELPDESK_TOKEN is refused by Telegram: copy it again from @BotFather."
        ) from None


@asynccontextmanager
async def _working(bot: Parts) -> AsyncIterator[None]:
    """Background work has this one owner; when it is left, what is under way is finished."""
    async with asyncio.TaskGroup() as background:
        courtesy = background.create_task(bot.courtesy.run())
        lanes = background.create_task(bot.lanes.run())
        outbox = background.create_task(bot.outbox.run())
        try:
            yield
        finally:
            bot.lanes.stop()
            await _finish(lanes)
            bot.outbox.stop()
            await _finish(outbox)
            courtesy.cancel()


async def _finish(task: asyncio.Task[None]) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(task, DRAIN)


async def _open_doors(bot: Parts, stack: AsyncExitStack) -> None:
    """Updates come in from here on; leaving closes the doors before the workers stop."""
    settings = bot.desk.settings
    if settings.public_url or settings.api_tokens:
        await stack.enter_async_context(
            listening(application(bot.doors.routes()), host=settings.host, port=settings.port)
        )
    if settings.public_url:
        await push_to(bot.api, f"{settings.public_url}/telegram", webhook_secret(settings))
    else:
        await bot.api.call("deleteWebhook")
        await stack.enter_async_context(_polling(bot))
    with contextlib.suppress(TelegramError):
        await introduce(bot.api, bot.templating, settings.languages[0])


@asynccontextmanager
async def _polling(bot: Parts) -> AsyncIterator[None]:
    polling = Polling(LongPolling(bot.api).fetch, bot.intake)
    async with asyncio.TaskGroup() as background:
        task = background.create_task(polling.run())
        try:
            yield
        finally:
            task.cancel()
