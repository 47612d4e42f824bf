"""`helpdesk run`: the bot until it is told to stop."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from bot.app import running
from bot.config import Settings

log = logging.getLogger(__name__)

Running: TypeAlias = Callable[[Settings], AbstractAsyncContextManager[None]]
"""The bot, ready when it is entered, stopped without loss when it is left."""


async def serve(settings: Settings, *, bot: Running = running) -> None:
    """Until SIGTERM or SIGINT; what is under way then is replayed at the next start."""
    stop = asyncio.Event()
    starting = asyncio.current_task()

    def end() -> None:
        stop.set()
        if starting is not None:
            starting.cancel()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, end)
    try:
        async with bot(settings):
            starting = None  # from here on the bot is left in good order, not cancelled
            log.info("ready")
            await stop.wait()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    log.info("stopped")
