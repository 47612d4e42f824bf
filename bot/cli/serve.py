"""`helpdesk run`: run the bot until SIGTERM or SIGINT."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from bot.app import running
from bot.settings import Settings

log = logging.getLogger(__name__)

STOPS = (signal.SIGTERM, signal.SIGINT)

OpenBot: TypeAlias = Callable[[Settings], AbstractAsyncContextManager[None]]
"""Opens the bot: ready once the context is entered, shut down gracefully when it is left."""


async def serve(settings: Settings, *, bot: OpenBot = running) -> None:
    """Run the bot until SIGTERM or SIGINT, then shut down gracefully.

    A second signal kills the process; as after a crash, no stored update or message is lost.
    """
    stop = asyncio.Event()
    # The default action doesn't kill a container's first process.
    at_once = signal.SIG_DFL if os.getpid() != 1 else lambda number, _: os._exit(128 + number)
    starting = asyncio.current_task()

    def end() -> None:
        stop.set()
        for name in STOPS:
            loop.remove_signal_handler(name)
            signal.signal(name, at_once)
        log.info("stopping: what is under way is finished; a second signal ends it at once")
        if starting is not None:
            starting.cancel()

    loop, before = asyncio.get_running_loop(), [signal.getsignal(name) for name in STOPS]
    for name in STOPS:
        loop.add_signal_handler(name, end)
    try:
        async with bot(settings):
            starting = None  # from here on a signal shuts down gracefully, not by cancelling
            log.info("ready")
            await stop.wait()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    finally:
        for name, handler in zip(STOPS, before, strict=True):
            signal.signal(name, handler)
    log.info("stopped")
