"""Bursts of wrong codes at the call provider's door: how fast, and how many of them are judged.

Fifty signed requests at once, each a turn of its own, for one call; then the same through a store
that reads and then writes, without holding a row and without asking which version it read.

    python benchmarks/verification.py [--bursts 4] [--crowd 50]
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import TypeVar

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.web.server import application
from state.ports import UnitOfWork
from state.store import tables
from state.store.database import MOST_TRIES, Database
from tests.faults.crowd import naive_transact
from tests.support.chat import Scene
from tests.support.databases import fresh_postgres, migrated
from tests.support.phone import Door, Heard, post
from tests.support.scenes import changed_policy, opened_scene

T = TypeVar("T")
ATTEMPTS = 3
MOMENT = "One moment, please."
CEILING = 5.0
"""Seconds, for the 99th percentile: the provider gives up after 15."""
DATABASES = ("SQLite", "PostgreSQL")


class ReadThenWrite(Database):
    async def transact(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        return await naive_transact(self, work)


@dataclass(frozen=True, slots=True)
class Burst:
    seconds: list[float]
    judged: int
    put_off: int
    """Told "one moment", because the database took longer than the provider should wait."""


async def burst(scene: Scene, door: Door, person: int, crowd: int) -> Burst:
    caller = scene.person(person)
    await caller.link(phone=f"+1202{person % 10_000_000:07d}")
    phone = await caller.be_called()
    await phone.to_code_step()
    base, _, turn = phone.asked_at.rpartition("/")
    form = phone.form({"Digits": caller.wrong_code})
    seconds: list[float] = []

    async def ask(number: int) -> str:
        began = perf_counter()
        answer = await post(door, f"{base}/{int(turn) + number}", form)
        heard = Heard(xml=await answer.text())
        seconds.append(perf_counter() - began)
        return heard.words

    words = await asyncio.gather(*(ask(number) for number in range(crowd)))
    await scene.settle()
    put_off = sum(each == MOMENT for each in words)
    return Burst(seconds, sum(map(bool, words)) - put_off, put_off)


@asynccontextmanager
async def naive_door(scene: Scene) -> AsyncIterator[Door]:
    desk = scene.parts.desk
    database = ReadThenWrite(desk.database.connections, lambda: 1.0, MOST_TRIES)
    doors = replace(scene.parts.web_routes, desk=replace(desk, database=database))
    async with TestClient(TestServer(application(doors.routes()))) as door:
        yield door


@asynccontextmanager
async def address_of(name: str, folder: Path) -> AsyncIterator[str]:
    if name == "SQLite":
        yield await migrated(f"sqlite+aiosqlite:///{folder / 'helpdesk.db'}")
    else:
        async with fresh_postgres() as url:
            yield await migrated(url)


async def wrong_codes(scene: Scene) -> int:
    """As the audit trail counts them."""
    line = tables.audit_event
    counted = select(func.count()).select_from(line).where(line.c.kind == "call.wrong_code")
    async with scene.parts.desk.database.connections.reading() as transaction:
        return int(await transaction.value(counted))


async def measure(name: str, bursts: int, crowd: int) -> bool:
    """Whether it came out as it must: ours exact and in time, the other wrong on PostgreSQL."""
    as_it_must = True
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        policy = changed_policy(folder, calls_per_block=10_000, calls_per_region=10_000)
        async with (
            address_of(name, folder) as url,
            opened_scene(url, folder=folder, policy=policy) as scene,
            naive_door(scene) as naive,
        ):
            for way, door, first in (
                ("version check", scene.door, 5_550_100),
                ("read, then write", naive, 5_551_100),
            ):
                before = await wrong_codes(scene)
                done = [await burst(scene, door, first + n, crowd) for n in range(bursts)]
                audited = await wrong_codes(scene) - before
                late, exact = report(name, way, done, audited)
                if door is scene.door:
                    as_it_must &= exact and late <= CEILING
                elif name == "PostgreSQL":
                    as_it_must &= not exact
    return as_it_must


def report(name: str, way: str, done: list[Burst], audited: int) -> tuple[float, bool]:
    """The 99th percentile in seconds, and whether each burst cost its three attempts."""
    seconds = [one for each in done for one in each.seconds]
    cuts = quantiles(seconds, n=100)
    judged = [each.judged for each in done]
    put_off = sum(each.put_off for each in done)
    # Who was put off asks again and then hears what the trail has: those it judged count too.
    exact = max(judged) <= ATTEMPTS and audited == ATTEMPTS * len(done)
    print(
        f"| {name} | {way} | {cuts[49] * 1000:.0f} ms | {cuts[98] * 1000:.0f} ms "
        f"| {min(judged)} to {max(judged)} | {put_off} | {audited / len(done):.1f} "
        f"| {'exact' if exact else 'WRONG'} |"
    )
    return cuts[98], exact


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bursts", type=int, default=4)
    options.add_argument("--crowd", type=int, default=50)
    chosen = options.parse_args()
    told = f"{chosen.bursts} bursts of {chosen.crowd} wrong codes, {os.cpu_count()} cores"
    print(f"{told}; {ATTEMPTS} may be judged")
    print("| database | store | p50 | p99 | judged in a burst | put off | audited | |")
    print("|---|---|---|---|---|---|---|---|")
    well = [await measure(name, chosen.bursts, chosen.crowd) for name in DATABASES]
    sys.exit(not all(well))


if __name__ == "__main__":
    asyncio.run(main())
