"""Composition root: build the bot once, run it, and shut it down."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from bot.build import BotComponents, assemble, call_provider, code_channel, token_of
from bot.context import Desk, only_process, open_desk
from bot.gateways.marketplace.client import PlatformApi, platform_api
from bot.gateways.marketplace.webhooks import WebhookSender
from bot.gateways.proxy import proxy_for
from bot.gateways.telegram.call_middlewares import InstrumentedCalls
from bot.gateways.telegram.client import BotApi, BotApiCalls, RefusedTokenError
from bot.gateways.telegram.menu import introduce, introduce_later
from bot.gateways.telegram.send_rate import share_among_processes
from bot.gateways.telegram.updates import (
    LongPolling,
    WebhookKeeper,
    delete_webhook,
    get_me,
    set_webhook,
)
from bot.gateways.telegram_login import TelegramLogin
from bot.incoming.inbox import Polling
from bot.outgoing.build import ExternalClients
from bot.settings import Settings, SettingsError, check_public_url, require
from bot.telemetry.monitor import Monitor, ProcessPhase, Traces
from bot.web.health import Health
from bot.web.routes import webhook_secret
from bot.web.server import application, listening
from bot.web.staff.sign_in import BACK_FROM_TELEGRAM
from state.model.alarm import Alarm
from state.ports import Clock
from state.store.admin.health import backlog, trouble
from state.usecases.lanes import alert
from state.usecases.retention import plan_sweep

log = logging.getLogger(__name__)


@asynccontextmanager
async def background_tasks(bot: BotComponents) -> AsyncIterator[None]:
    """Run all background tasks in one task group; on exit, drain work in progress.

    Draining ends after `drain_seconds`; what is left stays in inbox and outbox for the next start.
    """
    async with asyncio.TaskGroup() as background:
        helpers = [
            background.create_task(one.run())
            for one in (bot.callback_answers, bot.inline_answers, bot.flood_notices)
        ]
        helpers.append(background.create_task(bot.reloader.watch()))
        helpers.append(background.create_task(bot.prefetcher.run(bot.lanes.wake)))
        counting = share_among_processes(bot.desk.database.claims, bot.send_rate)
        helpers.append(background.create_task(counting))
        helpers.append(background.create_task(bot.monitor.run()))
        overdue_lanes = background.create_task(bot.overdue_lanes.run())
        lanes = background.create_task(bot.lanes.run())
        outbox = background.create_task(bot.outbox.run())
        try:
            yield
        finally:
            overdue_lanes.cancel()
            drain = asyncio.timeout(bot.desk.settings.drain_seconds)
            with contextlib.suppress(TimeoutError):
                async with drain:
                    bot.lanes.stop()
                    await lanes
                    bot.outbox.stop()
                    await outbox
            if drain.expired():
                log.warning("what took too long to finish is done at the next start")
            lanes.cancel()
            outbox.cancel()
            for task in helpers:
                task.cancel()


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[None]:
    """Start the whole bot; it is ready once the context is entered, and shuts down on exit.

    Raises SettingsError. Updates and messages not finished on exit are kept in the database.
    """
    _check(settings)
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(open_desk(settings, clock=clock))
        stack.enter_context(only_process(desk.database))
        monitor = Monitor(desk.clock, traces=_traces(settings, stack))
        await _open_health(desk, monitor, stack)
        bot = assemble(desk, await _clients(desk, monitor, stack), monitor)
        await stack.enter_async_context(background_tasks(bot))
        await desk.database.transact(lambda unit: plan_sweep(unit, desk.clock.now()))
        bot.lanes.wake(await desk.database.inbox_queue.waiting_lanes())
        await _open_routes(bot, stack)
        gc.collect()
        gc.freeze()
        monitor.phase = ProcessPhase.SERVING
        try:
            yield
        finally:
            monitor.phase = ProcessPhase.STOPPING


def _check(settings: Settings) -> None:
    require(settings, "token", "peppers")
    if settings.public_url:
        require(settings, "webhook_secret")
        check_public_url(settings)
    if settings.events_url:
        require(settings, "events_secret")
    if settings.platform_url:
        require(settings, "platform_token")
    if settings.login_client_id:
        require(settings, "login_client_secret")
    if settings.login_client_id and not settings.staff_address:
        require(settings, "staff_url")
    call_provider(settings)


def _traces(settings: Settings, stack: AsyncExitStack) -> Traces | None:
    """OpenTelemetry tracing, or None if no collector is set; imported only if it is."""
    if settings.traces_url is None:
        return None
    try:
        from bot.telemetry.tracing import open_tracing  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise SettingsError(
            "HELPDESK_TRACES_URL needs OpenTelemetry: pip install 'helpdesk[telemetry]'."
        ) from None
    tracing = open_tracing(settings.traces_url)
    stack.callback(tracing.close)
    return tracing


async def _open_health(desk: Desk, monitor: Monitor, stack: AsyncExitStack) -> None:
    """Serve /health and /metrics first and close them last, to report start and stop too."""
    settings = desk.settings
    if settings.internal_port is None:
        return
    health = Health(
        monitor=monitor,
        database_trouble=lambda: trouble(desk.database),
        backlog=lambda: backlog(desk.database, desk.clock.now()),
    )
    await stack.enter_async_context(
        listening(
            application(health.routes()),
            host=settings.internal_host,
            port=settings.internal_port,
            setting="HELPDESK_INTERNAL_PORT",
        )
    )


async def _clients(desk: Desk, monitor: Monitor, stack: AsyncExitStack) -> ExternalClients:
    calls, codes = call_provider(desk.settings), code_channel(desk.settings)
    api = InstrumentedCalls(await stack.enter_async_context(_api(desk.settings)), monitor)
    return ExternalClients(
        api=api,
        username=await _username(api),
        calls=calls and await stack.enter_async_context(calls),
        codes=codes and await stack.enter_async_context(codes),
        marketplace=await _marketplace(desk, stack),
        webhooks=await _post(desk, stack),
        login=await _login(desk, stack),
    )


def _api(settings: Settings) -> BotApi:
    proxy = proxy_for(settings.telegram_api, settings)
    return BotApi(base_url=settings.telegram_api, token=token_of(settings), proxy=proxy)


async def _marketplace(desk: Desk, stack: AsyncExitStack) -> PlatformApi | None:
    if desk.settings.platform_url is None:
        return None
    api = platform_api(desk.settings, desk.policy, desk.clock)
    return await stack.enter_async_context(api)


async def _post(desk: Desk, stack: AsyncExitStack) -> WebhookSender | None:
    settings = desk.settings
    if settings.events_url is None or settings.events_secret is None:
        return None
    url, secret = settings.events_url.get_secret_value(), settings.events_secret.get_secret_value()
    proxy = proxy_for(url, settings)
    webhooks = WebhookSender(url=url, secret=secret, clock=desk.clock, proxy=proxy)
    return await stack.enter_async_context(webhooks)


async def _login(desk: Desk, stack: AsyncExitStack) -> TelegramLogin | None:
    settings = desk.settings
    client_id, secret = settings.login_client_id, settings.login_client_secret
    if client_id is None or secret is None:
        return None
    login = TelegramLogin(
        issuer=settings.login_issuer,
        client_id=client_id,
        client_secret=secret.get_secret_value(),
        back_to=f"{settings.staff_address}{BACK_FROM_TELEGRAM}",
        clock=desk.clock,
        proxy=proxy_for(settings.login_issuer, settings),
    )
    return await stack.enter_async_context(login)


async def _username(api: BotApiCalls) -> str:
    try:
        return str((await get_me(api))["username"])
    except RefusedTokenError:
        raise SettingsError(
            "HELPDESK_TOKEN is refused by Telegram: copy it again from @BotFather."
        ) from None


async def _open_routes(bot: BotComponents, stack: AsyncExitStack) -> None:
    """Start to receive updates and HTTP requests; on exit, stop before the workers do."""
    settings = bot.desk.settings
    if settings.staff_address or settings.api_tokens:
        app = application(bot.web_routes.routes(), requested=bot.monitor.count_request)
        await stack.enter_async_context(
            listening(
                app,
                host=settings.host,
                port=settings.port,
                trusted_proxies=settings.trusted_proxies,
            )
        )
    if settings.public_url:
        url, secret = f"{settings.public_url}/telegram", webhook_secret(settings)
        await set_webhook(bot.api, url, secret)
        keeper = WebhookKeeper(
            bot.api, bot.monitor, url=url, secret=secret, alarmed=partial(_alarm, bot)
        )
        await stack.enter_async_context(_background(keeper.run()))
    else:
        await delete_webhook(bot.api)
        await stack.enter_async_context(_background(_polling(bot).run()))
    menus = (bot.api, bot.templating, settings.languages[0], settings.staff_chat_id)
    if not await introduce(*menus):
        await stack.enter_async_context(_background(introduce_later(*menus)))


def _polling(bot: BotComponents) -> Polling:
    source = LongPolling(bot.api, bot.monitor, alarmed=partial(_alarm, bot))
    claims = bot.desk.database.claims
    return Polling(source.fetch, bot.intake, claims, stand_by=source.stand_by)


async def _alarm(bot: BotComponents) -> None:
    """Tell the operators that another program takes the bot's updates."""
    now = bot.desk.clock.now()
    try:
        await bot.desk.database.transact(
            lambda unit: alert(unit, Alarm.UPDATES_ELSEWHERE, now=now)
        )
    except Exception:
        log.exception("the operators could not be told")
    bot.outbox.wake()


@asynccontextmanager
async def _background(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run this beside the block, and cancel it at the block's end."""
    async with asyncio.TaskGroup() as background:
        task = background.create_task(work)
        try:
            yield
        finally:
            task.cancel()
