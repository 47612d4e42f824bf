"""Chaos: many people, processes killed at random, a Bot API that errs, a database that restarts.

    python -m tests.chaos.run [--updates 10000] [--chats 500] [--database sqlite|postgresql]

Prints what it counted, and exits with 1 if an answer was lost, anything took effect twice or out
of order, or Telegram was asked again before its time. A message that comes twice is neither: one
that Telegram had taken when its process was killed, or the connection broke, is sent again, and
the count of those is bounded by what can be under way then.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.demo.wiring import free_port
from bot.outgoing.worker import CONCURRENCY
from tests.chaos.articles import lay_out
from tests.chaos.bots import Bots, started_bots
from tests.chaos.crowd import Crowd, gather
from tests.chaos.failing_bot_api import Fault, Weather, changeable
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import opened_world
from tests.faults.ledger import Ledger
from tests.support.cluster import Cluster, private_postgres
from tests.support.databases import migrated, opened

CHANCES = {
    Fault.TOO_MANY: 0.02,
    Fault.BROKEN: 0.01,
    Fault.HTML: 0.01,
    Fault.DROPPED: 0.01,
    Fault.HALF_CLOSED: 0.005,
    Fault.SLOW: 0.01,
    Fault.LOST_ANSWER: 0.002,
}
BETWEEN_KILLS = (1.5, 5.0)
"""Seconds, at random."""
SETTLES_IN = 120.0
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(slots=True, kw_only=True)
class Chaos:
    """One run: whoever talks, and whatever strikes them."""

    kind: str
    updates: int
    slugs: Mapping[str, str]
    crowd: Crowd
    bots: Bots
    cluster: Cluster | None
    restarts: int = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as background:
            striking = background.create_task(self._strike())
            await self.crowd.talk()
            self.bots.enough.set()
            await striking

    async def _strike(self) -> None:
        """Again and again, until everybody is served."""
        while not await self.bots.pause(*BETWEEN_KILLS):
            if self.cluster and not self.restarts and self.crowd.asked > self.updates / 2:
                await self.cluster.stop(self.bots.dice.choice(["fast", "immediate"]))
                await self.cluster.start()
                self.restarts += 1
            await self.bots.kill_one()

    @property
    def deaths(self) -> int:
        """Of processes, and of their claims."""
        return self.bots.ended[signal.SIGKILL] + self.restarts * len(self.bots.running)

    @property
    def may_repeat(self) -> int:
        """What was under way when a process died or lost its claims, or whose answer was lost."""
        return self.deaths * CONCURRENCY + self.crowd.world.weather.faults[Fault.LOST_ANSWER]

    def __str__(self) -> str:
        kills = ", ".join(f"{count} {how.name}" for how, count in self.bots.ended.items())
        weather = self.crowd.world.weather.faults
        faults = ", ".join(f"{count} {fault}" for fault, count in weather.items())
        return (
            f"{len(self.bots.running)} process(es) on {self.kind}, {self.crowd.asked} updates of "
            f"{len(self.crowd.people)} chats\n  struck by: {kills}; {self.restarts} restart(s) "
            f"of the database; {faults}"
        )


@asynccontextmanager
async def database(kind: str, folder: Path) -> AsyncIterator[tuple[str, Cluster | None]]:
    if kind == SQLITE:
        yield await migrated(f"sqlite+aiosqlite:///{folder / 'desk.db'}"), None
    else:
        async with private_postgres() as cluster:
            yield cluster.url, cluster


@asynccontextmanager
async def opened_chaos(
    kind: str, *, updates: int, chats: int
) -> AsyncIterator[tuple[Chaos, Ledger]]:
    """Two processes behind a webhook on PostgreSQL; on SQLite one that polls."""
    dice = random.Random(updates)
    weather = Weather(forecast=changeable(dice, CHANCES))
    ports = [free_port()] if kind == SQLITE else [free_port(), free_port()]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slugs = lay_out(folder / "articles")
        url, cluster = await stack.enter_async_context(database(kind, folder))
        world = await stack.enter_async_context(opened_world(weather, ports))
        bots = started_bots(world, url, folder, polling=kind == SQLITE, dice=dice)
        yield (
            Chaos(
                kind=kind,
                updates=updates,
                slugs=slugs,
                crowd=gather(world, list(slugs), updates=updates, chats=chats, dice=dice),
                bots=await stack.enter_async_context(bots),
                cluster=cluster,
            ),
            Ledger(await stack.enter_async_context(opened(url))),
        )


async def suffer(kind: str, given: argparse.Namespace) -> Verdict:
    began = time.monotonic()
    async with opened_chaos(kind, updates=given.updates, chats=given.chats) as (
        chaos,
        ledger,
    ):
        await chaos.run()
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLES_IN):
                while await ledger.waiting(chaos.crowd.world.clock.now()):  # noqa: ASYNC110 - other processes' affair
                    await asyncio.sleep(0.1)
        await chaos.bots.stop()
        verdict = await judge(
            chaos.crowd,
            ledger,
            chaos.slugs,
            may_repeat=chaos.may_repeat,
            may_forget=chaos.deaths,
        )
        print(f"{chaos}\n  {verdict}\n  in {time.monotonic() - began:.0f} s", flush=True)
        return verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=None)
    given = parser.parse_args()
    kinds = [given.database] if given.database else [POSTGRESQL, SQLITE]
    verdicts = [asyncio.run(suffer(kind, given)) for kind in kinds]
    sys.exit(not all(verdict.is_clean for verdict in verdicts))


if __name__ == "__main__":
    main()
