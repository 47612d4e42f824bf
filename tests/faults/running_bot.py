"""The whole bot, really running, on a day of bad weather."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import running
from bot.demo.wiring import free_port
from bot.settings import load_settings
from tests.chaos.articles import lay_out
from tests.chaos.failing_bot_api import Forecast, Weather, in_turn
from tests.chaos.world import World, opened_world

ADA, BEN, CAY, DEE = 7_001, 7_002, 7_003, 7_004
PATIENCE = 75.0


@asynccontextmanager
async def opened_day(
    url: str,
    folder: Path,
    *,
    forecast: Forecast | None = None,
    retry_after: int = 1,
    polling: bool = True,
) -> AsyncIterator[World]:
    weather = Weather(forecast=forecast or in_turn(), retry_after=retry_after)
    lay_out(folder / "articles")
    port = free_port()
    async with opened_world(weather, [port]) as world:
        for person in (ADA, BEN, CAY, DEE):
            world.arrive(person)
        given = world.settings(url, folder / "articles", port=port, polling=polling)
        async with running(load_settings(_env_file=None, **given)):
            yield world


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - the bot's affair
            await asyncio.sleep(0.01)


def ask(world: World, chat: int, *things: str) -> None:
    for thing in things:
        world.telegram.visitors.say(chat, f"All about the {thing}")


def answers(*things: str) -> list[str]:
    return [f"All about the {thing}" for thing in things]


async def is_told(world: World, chat: int, count: int) -> list[str]:
    """First lines of what came, once there are so many."""
    await until(lambda: len(world.told(chat)) >= count)
    return world.told(chat)
