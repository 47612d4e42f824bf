"""The bots' processes, and a hand that kills them at random."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.world import World
from tests.faults.process import LOG, WarmProcess, fork_server

KILLS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)
"""Two in three are not told beforehand."""
MOST_SECONDS = 180
"""That a bot may take to start, or to stop."""
READY = b"serve: ready"
PATIENT = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    process: WarmProcess
    log: Path

    async def start(self) -> None:
        await self.process.start()

    async def gets_ready(self, since: int) -> None:
        async with asyncio.timeout(MOST_SECONDS):
            while READY not in self.log.read_bytes()[since:]:  # noqa: ASYNC110 - another process's affair
                await asyncio.sleep(0.05)

    @property
    def said(self) -> int:
        return self.log.stat().st_size


@dataclass(slots=True, kw_only=True)
class Bots:
    running: list[Bot]
    dice: random.Random
    ended: Counter[signal.Signals] = field(default_factory=Counter)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def pause(self, shortest: float, longest: float) -> bool:
        """Whether it is enough."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.enough.wait(), self.dice.uniform(shortest, longest))
        return self.enough.is_set()

    async def kill_one(self) -> None:
        """And start it again; now and then somebody kills before it is ready."""
        victim, how = self.dice.choice(self.running), self.dice.choice(KILLS)
        victim.process.signal(how)
        async with asyncio.timeout(MOST_SECONDS):
            code = await victim.process.ended()
        assert code == (0 if how == signal.SIGTERM else -how), f"ended with {code} by {how}"
        self.ended[how] += 1
        since = victim.said
        await victim.start()
        if self.dice.random() < PATIENT:
            await victim.gets_ready(since)

    async def stop(self) -> None:
        for each in self.running:
            each.process.signal(signal.SIGTERM)
            await each.process.ended()


@asynccontextmanager
async def started_bots(
    world: World, database_url: str, folder: Path, *, polling: bool, dice: random.Random
) -> AsyncIterator[Bots]:
    """One for each port of the world, ready."""
    async with AsyncExitStack() as stack:
        running = []
        for port in sorted(world.ports):
            home = folder / str(port)
            home.mkdir()
            settings = world.settings(
                database_url, folder / "articles", port=port, polling=polling
            )
            process = await stack.enter_async_context(fork_server(settings, home))
            running.append(Bot(process=process, log=home / LOG))
        for each in running:
            await each.start()
        for each in running:
            await each.gets_ready(0)
        yield Bots(running=running, dice=dice)
