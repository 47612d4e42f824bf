"""Keeps the parts of the bot at work, and lets them finish when it is told to stop."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.assembly import Parts
from bot.pace import keep_counting

log = logging.getLogger(__name__)


@asynccontextmanager
async def working(bot: Parts) -> AsyncIterator[None]:
    """Background work has this one owner; when it is left, what is under way is finished."""
    async with asyncio.TaskGroup() as background:
        courtesies = [
            background.create_task(one.run()) for one in (bot.courtesy, bot.inline, bot.notices)
        ]
        courtesies.append(background.create_task(bot.shelf.watch()))
        courtesies.append(background.create_task(bot.ahead.run(bot.lanes.wake)))
        counting = keep_counting(bot.desk.database.claims, bot.pace)
        courtesies.append(background.create_task(counting))
        courtesies.append(background.create_task(bot.watch.run()))
        rescue = background.create_task(bot.rescue.run())
        lanes = background.create_task(bot.lanes.run())
        outbox = background.create_task(bot.outbox.run())
        try:
            yield
        finally:
            rescue.cancel()
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
            for task in courtesies:
                task.cancel()
