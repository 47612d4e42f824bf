"""Runs the demo: serves the page at once, starts the bot, stops both on SIGTERM."""

import asyncio
import importlib
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from aiohttp import web

from bot.demo.clock import DemoClock
from bot.demo.errors import DemoError
from bot.demo.events import Events
from bot.demo.login import Login
from bot.demo.marketplace import SampleMarketplace
from bot.demo.page import DemoPage, readable_only, same_origin_only
from bot.demo.passers_by import load_passers_by, pass_by
from bot.demo.people import load_people
from bot.demo.phone.dialogue import CallPace
from bot.demo.phone.provider import PhoneProvider
from bot.demo.service import Service
from bot.demo.staff import MEMBERS
from bot.demo.telegram.server import Telegram
from bot.demo.wiring import CALLER, LOGIN_CLIENT, LOOPBACK, Wiring
from bot.demo.world import World
from bot.web.connections import body_timeout, without_version
from bot.web.port import open_port
from bot.web.proxies import Proxies
from state.ports import Clock

StartBot: TypeAlias = Callable[[dict[str, object], Clock], AbstractAsyncContextManager[None]]
"""(settings by name, clock) → the running bot; entered once its web server listens."""
LARGEST_UPLOAD = 20 * 2**20
WEBHOOK_PATIENCE = 30


@asynccontextmanager
async def real_bot(settings: dict[str, object], clock: Clock) -> AsyncIterator[None]:
    """Run the bot as in production; imported in a thread, so that the page is served meanwhile."""
    config = await asyncio.to_thread(importlib.import_module, "bot.settings")
    app = await asyncio.to_thread(importlib.import_module, "bot.app")
    async with app.running(config.load_settings(**settings), clock=clock):
        yield


async def serve(
    port: int,
    *,
    announce: Callable[[str], None] = lambda _: None,
    start_bot: StartBot = real_bot,
    pace: CallPace | None = None,
) -> None:
    """Run the demo until cancelled or SIGTERM. DemoError if the port is taken or the bot fails."""
    terminated = _termination()
    with tempfile.TemporaryDirectory(prefix="helpdesk-demo-") as folder:
        wiring = Wiring(port=port, folder=Path(folder))
        async with running_world(wiring, pace=pace) as world:
            announce(f"The demo is at http://{LOOPBACK}:{port} (stop it with Ctrl-C)")
            try:
                async with start_bot(wiring.settings(), world.clock):
                    await introduce(world)
                    announce("The bot is ready.")
                    announce(f"To try docs/integration.md: {wiring.exports()}")
                    async with asyncio.TaskGroup() as background:
                        street = background.create_task(pass_by(load_passers_by(), world.telegram))
                        await terminated.wait()
                        street.cancel()
            except Exception as error:
                world.bot_is("failed", _reason(error))
                raise DemoError(f"The bot stopped: {_reason(error)}") from error


def _termination() -> asyncio.Event:
    """An event set by SIGTERM, so that the temporary database is deleted then too."""
    terminated = asyncio.Event()
    with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; not the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminated.set)
    return terminated


def _reason(error: BaseException) -> str:
    """Message of the first error inside nested exception groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__


@asynccontextmanager
async def running_world(wiring: Wiring, *, pace: CallPace | None = None) -> AsyncIterator[World]:
    """Serve page and local services on the wiring's port. DemoError if the port is taken."""
    async with AsyncExitStack() as stack:
        world = make_world(wiring, pace=pace)
        await stack.enter_async_context(world.telegram)
        await stack.enter_async_context(world.phone)
        await stack.enter_async_context(world.marketplace)
        port = open_port(
            make_app(world), LOOPBACK, wiring.port, proxies=Proxies(()), shutdown_timeout=2
        )
        try:
            await stack.enter_async_context(port)
        except OSError as error:
            message = f"Port {wiring.port} is in use; choose another with --port."
            raise DemoError(message) from error
        stack.callback(world.events.close)
        yield world


def make_world(wiring: Wiring, *, pace: CallPace | None = None) -> World:
    """Build the local services, without starting them."""
    clock, events = DemoClock(), Events()
    return World(
        people=load_people(),
        clock=clock,
        telegram=Telegram(token=wiring.token, clock=clock, events=events),
        phone=PhoneProvider(
            account_sid=wiring.account_sid,
            auth_token=wiring.auth_token,
            numbers=frozenset({CALLER}),
            clock=clock,
            events=events,
            pace=pace,
        ),
        marketplace=SampleMarketplace(
            bot_url=wiring.bot_url,
            token=wiring.api_token,
            service=Service(token=wiring.platform_token, secret=wiring.events_secret),
        ),
        events=events,
        login=Login(
            issuer=wiring.login_issuer,
            client_id=LOGIN_CLIENT,
            client_secret=wiring.login_secret,
            people=tuple(one for one in MEMBERS if one.role),
            clock=clock,
        ),
        staff_url=f"{wiring.bot_url}/staff",
    )


def make_app(world: World) -> web.Application:
    """The aiohttp application with the routes of page and local services."""
    middlewares = [body_timeout, same_origin_only, readable_only]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_UPLOAD)
    app.on_response_prepare.append(without_version)
    app.add_routes(DemoPage(world).routes())
    app.add_routes(world.telegram.routes("/telegram"))
    app.add_routes(world.phone.routes("/twilio"))
    app.add_routes(world.marketplace.service.routes("/marketplace"))
    app.add_routes(world.login.routes("/login"))
    return app


async def introduce(world: World) -> None:
    """Wait for the bot's webhook, then push the sample people's snapshots.

    DemoError if the bot sets no webhook within 30 seconds.
    """
    try:
        await asyncio.wait_for(world.telegram.updates.webhook_set.wait(), WEBHOOK_PATIENCE)
    except TimeoutError:
        raise DemoError("it never set its webhook") from None
    now = world.clock.now()
    for person in world.people:
        for snapshot in person.snapshots(now):
            await world.marketplace.report(snapshot)
    world.bot_is("ready")
