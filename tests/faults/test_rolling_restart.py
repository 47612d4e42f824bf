"""Real processes side by side: restarted one after another, and one polling in another's place.

Slow: each process imports the whole bot.
"""

import asyncio
import random
import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.demo.wiring import free_port
from tests.chaos.articles import lay_out
from tests.chaos.bots import Bots, started_bots
from tests.chaos.crowd import Crowd, gather
from tests.chaos.failing_bot_api import Weather, in_turn
from tests.chaos.verdict import judge
from tests.chaos.world import World, opened_world
from tests.faults.ledger import Ledger
from tests.faults.process import LOG, cold
from tests.support.databases import opened

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass(slots=True, kw_only=True)
class Fleet:
    world: World
    bots: Bots
    crowd: Crowd
    ledger: Ledger
    slugs: Mapping[str, str]

    async def restart(self, place: int) -> int:
        """As an operator does who brings in a new version; the exit code."""
        bot = self.bots.running[place]
        since = bot.said
        bot.process.signal(signal.SIGTERM)
        code = await bot.process.ended()
        await bot.start()
        await bot.gets_ready(since)
        return code

    async def settled(self) -> None:
        async with asyncio.timeout(180):
            while await self.ledger.waiting(self.world.clock.now()):  # noqa: ASYNC110 - other processes' affair
                await asyncio.sleep(0.05)

    def log(self, place: int) -> str:
        return self.bots.running[place].log.read_text(encoding="utf-8")


@asynccontextmanager
async def fleet(
    url: str, folder: Path, *, polling: bool, updates: int = 600
) -> AsyncIterator[Fleet]:
    """Two processes, and forty people who have not begun."""
    dice = random.Random(7)
    weather = Weather(forecast=in_turn())
    slugs = lay_out(folder / "articles")
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(opened_world(weather, [free_port(), free_port()]))
        bots = started_bots(world, url, folder, polling=polling, dice=dice)
        yield Fleet(
            world=world,
            bots=await stack.enter_async_context(bots),
            crowd=gather(world, list(slugs), updates=updates, chats=40, dice=dice),
            ledger=Ledger(await stack.enter_async_context(opened(url))),
            slugs=slugs,
        )


@pytest.mark.parametrize("polling", [False, True], ids=["webhook", "polling"])
async def test_a_rolling_restart_under_load_loses_and_duplicates_nothing(
    postgres_url: str, tmp_path: Path, *, polling: bool
) -> None:
    async with fleet(postgres_url, tmp_path, polling=polling) as desks:
        async with asyncio.TaskGroup() as background:
            background.create_task(desks.crowd.talk())
            codes = [await desks.restart(place) for place in (0, 1, 0, 1)]
        await desks.settled()
        verdict = await judge(desks.crowd, desks.ledger, desks.slugs, may_repeat=0)

        assert codes == [0, 0, 0, 0]
        assert verdict.is_clean, str(verdict)
        assert verdict.repeated == 0


async def test_another_process_takes_over_when_the_polling_one_is_killed(
    postgres_url: str, tmp_path: Path
) -> None:
    async with fleet(postgres_url, tmp_path, polling=True, updates=40) as desks:
        await desks.crowd.talk()
        first, other = desks.bots.running
        first.process.signal(signal.SIGKILL)
        await first.process.ended()
        late = gather(desks.world, list(desks.slugs), updates=10, chats=10, dice=random.Random(8))
        for number, person in enumerate(late.people):
            person.chat += 1_000 + number
        async with asyncio.timeout(180):
            await late.talk()

        assert not any(person.waits_in_vain for person in late.people)
        assert desks.log(0).count("another process polls") == 0
        assert desks.log(1).count("another process polls") == 0
        other.process.signal(signal.SIGTERM)
        assert await other.process.ended() == 0


async def test_a_second_process_on_one_sqlite_file_is_refused_with_a_remedy(
    sqlite_url: str, tmp_path: Path
) -> None:
    dice, slugs = random.Random(9), lay_out(tmp_path / "articles")
    async with (
        opened_world(Weather(forecast=in_turn()), [free_port()]) as world,
        started_bots(world, sqlite_url, tmp_path, polling=True, dice=dice),
    ):
        code, said = await refused(world, sqlite_url, tmp_path)
        crowd = gather(world, list(slugs), updates=4, chats=2, dice=dice)
        await crowd.talk()

        assert code == 2
        assert re.search(r"another process runs on .*: stop it first, or use PostgreSQL", said)
        assert not any(person.waits_in_vain for person in crowd.people)


async def refused(world: World, url: str, folder: Path) -> tuple[int, str]:
    """How a second process ends, and what it says."""
    home = folder / "second"
    home.mkdir()
    settings = world.settings(url, folder / "articles", port=free_port(), polling=True)
    async with cold(settings, home) as second, asyncio.timeout(180):
        await second.start()
        return await second.ended(), (home / LOG).read_text(encoding="utf-8")
