"""The composition root: has the bot built once, and runs it until it is left."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.assembly import Outside, Parts, assemble, token_of
from bot.config import Settings, SettingsError, require
from bot.desk import Desk, open_desk, the_only_one
from bot.doors import webhook_secret
from bot.gateways.commands_menu import introduce
from bot.gateways.event_post import EventPost
from bot.gateways.platform import PlatformApi, platform_api
from bot.gateways.telegram import BotApi, TelegramError
from bot.gateways.telegram_gateway import TelegramGateway
from bot.gateways.twilio import TwilioCalls
from bot.gateways.updates import (
    LongPolling,
    RefusedTokenError,
    introduction,
    poll_only,
    push_to,
)
from bot.inbox import Polling
from bot.pace import keep_counting
from bot.web.server import application, listening
from state.ports import Clock
from state.usecases.sweep import plan_sweep

DRAIN = 10.0
"""Seconds that turns and deliveries under way get to finish when the bot is stopped."""


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[None]:
    """The whole bot, ready when this is entered; leaving it stops it without loss."""
    _check(settings)
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(open_desk(settings, clock=clock))
        stack.enter_context(the_only_one(desk.database))
        bot = assemble(desk, await _outside(desk, stack))
        await stack.enter_async_context(_working(bot))
        await desk.database.transact(lambda unit: plan_sweep(unit, desk.clock.now()))
        bot.lanes.wake(await desk.database.inbox_door.waiting_lanes())
        await _open_doors(bot, stack)
        gc.collect()
        gc.freeze()
        yield


def _check(settings: Settings) -> None:
    require(settings, "token", "peppers")
    if settings.public_url:
        require(settings, "webhook_secret")
    if settings.events_url:
        require(settings, "events_secret")
    if settings.platform_url:
        require(settings, "platform_token")
    if settings.voice == "twilio":
        require(settings, "public_url", "twilio_account_sid", "twilio_auth_token", "twilio_from")


async def _outside(desk: Desk, stack: AsyncExitStack) -> Outside:
    api = await stack.enter_async_context(_api(desk.settings))
    return Outside(
        api=api,
        username=await _username(api),
        calls=await _line(desk.settings, stack),
        gateway=await _gateway(desk.settings, stack),
        marketplace=await _marketplace(desk, stack),
        post=await _post(desk, stack),
    )


def _api(settings: Settings) -> BotApi:
    return BotApi(base_url=settings.telegram_api, token=token_of(settings))


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


async def _gateway(settings: Settings, stack: AsyncExitStack) -> TelegramGateway | None:
    if settings.gateway_token is None:
        return None
    token = settings.gateway_token.get_secret_value()
    return await stack.enter_async_context(
        TelegramGateway(base_url=settings.gateway_api, token=token)
    )


async def _marketplace(desk: Desk, stack: AsyncExitStack) -> PlatformApi | None:
    if desk.settings.platform_url is None:
        return None
    api = platform_api(desk.settings, desk.policy, desk.clock)
    return await stack.enter_async_context(api)


async def _post(desk: Desk, stack: AsyncExitStack) -> EventPost | None:
    url, secret = desk.settings.events_url, desk.settings.events_secret
    if url is None or secret is None:
        return None
    post = EventPost(url=url, secret=secret.get_secret_value(), clock=desk.clock)
    return await stack.enter_async_context(post)


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
        courtesies = [background.create_task(one.run()) for one in (bot.courtesy, bot.inline)]
        courtesies.append(background.create_task(bot.shelf.watch()))
        counting = keep_counting(bot.desk.database.claims, bot.pace)
        courtesies.append(background.create_task(counting))
        rescue = background.create_task(bot.rescue.run())
        lanes = background.create_task(bot.lanes.run())
        outbox = background.create_task(bot.outbox.run())
        try:
            yield
        finally:
            rescue.cancel()
            bot.lanes.stop()
            await _finish(lanes)
            bot.outbox.stop()
            await _finish(outbox)
            for task in courtesies:
                task.cancel()


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
        await poll_only(bot.api)
        await stack.enter_async_context(_polling(bot))
    with contextlib.suppress(TelegramError):
        await introduce(bot.api, bot.templating, settings.languages[0])


@asynccontextmanager
async def _polling(bot: Parts) -> AsyncIterator[None]:
    polling = Polling(LongPolling(bot.api).fetch, bot.intake, bot.desk.database.claims)
    async with asyncio.TaskGroup() as background:
        task = background.create_task(polling.run())
        try:
            yield
        finally:
            task.cancel()
