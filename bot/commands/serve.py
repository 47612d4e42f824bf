"""`helpdesk run`: the bot until it is told to stop."""

import asyncio
import logging
import signal

from bot.app import running
from bot.config import Settings

log = logging.getLogger(__name__)


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; what is under way then is replayed at the next start."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings):
        log.info("ready")
        await stop.wait()
    log.info("stopped")
