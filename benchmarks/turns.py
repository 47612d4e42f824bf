"""A turn of the desk beside bots that promise nothing: rate, delay, processor and memory.

Thousands of people have the same conversation (a command, a question, progress, a button) with
each bot, all through a Bot API on this machine that answers at once and keeps no limits; ours are
lifted. Rounds are interleaved, figures are medians of rounds, and replies are counted: none may be
missing and none come twice. How to read it: benchmarks/README.md.

    python benchmarks/turns.py [--quick] [--only NAME …] [--rounds 5] [--seconds 5]
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

from rivals.bot_api import Telegram
from rivals.contenders import HEADER, Contender, ours, rival
from rivals.history import FIRST_CHAT, past_turns, people
from rivals.loads import Run, closed, opened
from rivals.wire import Poster

from bot.articles.catalogue import load_library
from bot.settings import load_settings
from knowledge.answering.engine import AnswerEngine
from tests.support.databases import fresh_postgres, migrated

AT_ONCE = 64
"""People who wait for a reply at any time."""
CHATS = 2_000
MANY_CHATS, PAST_TURNS = 100_000, 1_000_000
SQLITE, POSTGRES, POSTGRES_TWO = "ours, SQLite", "ours, PostgreSQL", "ours, PostgreSQL, two"
BARE, WITH_SQL = "aiogram, no database", "aiogram + SQLAlchemy + SQLite"
OTHER, FLOOR = "python-telegram-bot", "aiohttp alone"
OLD = "ours, SQLite, old"
SCRIPTS = {
    BARE: "bare_aiogram.py",
    WITH_SQL: "aiogram_sql.py",
    OTHER: "telegram_bot.py",
    FLOOR: "floor.py",
}
NAMES = (SQLITE, POSTGRES, POSTGRES_TWO, OLD, *SCRIPTS)
BARS = (
    (SQLITE, BARE, 1.0),
    (SQLITE, WITH_SQL, 2.0),
    (SQLITE, OTHER, 3.0),
    (POSTGRES_TWO, POSTGRES, 1.6),
)
COST_BAR = 1.2
P50_BAR, P99_BAR = 0.010, 0.050
MORE_MEMORY = 1.1
"""What still counts as flat."""


@dataclass(slots=True)
class Measured:
    """The rounds of one contender."""

    runs: list[Run] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Seconds a reply, each round."""
    memory: int = 0
    telegram: list[float] = field(default_factory=list)
    """How busy our Telegram was: 1 is a whole core."""

    @property
    def rate(self) -> float:
        return median(run.rate for run in self.runs)

    @property
    def wrong(self) -> int:
        return sum(run.lost + run.surplus for run in self.runs)


@asynccontextmanager
async def calling(telegram: Telegram, contender: Contender) -> AsyncIterator[None]:
    contender.wake()
    telegram.poster = Poster(contender.ports, "/telegram", HEADER)
    await telegram.poster.open()
    try:
        yield
    finally:
        telegram.poster.close()
        contender.sleep()


async def a_round(
    telegram: Telegram, contender: Contender, measured: Measured, seconds: float
) -> None:
    async with calling(telegram, contender):
        before, own = contender.cpu(), process_time()
        run = await closed(telegram, people=AT_ONCE, seconds=seconds)
        measured.telegram.append((process_time() - own) / seconds)
        measured.cpu.append((contender.cpu() - before) / max(run.replies, 1))
        measured.memory = contender.memory()
    measured.runs.append(run)


async def started(
    names: list[str], api: str, folder: Path, stack: AsyncExitStack
) -> list[Contender]:
    now = datetime.now(UTC)
    contenders = []
    for place, name in enumerate(names):
        own = folder / str(place)
        own.mkdir()
        if name in SCRIPTS:
            bot = rival(name, SCRIPTS[name], api, own)
        else:
            url = await _database(name, own, stack)
            if name == OLD:
                await people(url, MANY_CHATS, now)
                await past_turns(url, PAST_TURNS, MANY_CHATS, now)
            else:
                await people(url, CHATS, now)
            bot = ours(name, url, api, own, processes=2 if name == POSTGRES_TWO else 1)
        contender = await stack.enter_async_context(bot)
        contender.sleep()
        contenders.append(contender)
    return contenders


async def _database(name: str, folder: Path, stack: AsyncExitStack) -> str:
    if name in {POSTGRES, POSTGRES_TWO}:
        return await migrated(await stack.enter_async_context(fresh_postgres()))
    return await migrated(f"sqlite+aiosqlite:///{folder / 'helpdesk.db'}")


def asked() -> list[str]:
    """What people ask, as the articles say that they do; one question at a time.

    Nobody asks for a person: what follows in such a chat is told to that person, without a reply.
    """
    library = load_library(load_settings(_env_file=None))
    engine = AnswerEngine(library)
    phrasings = {one for article in library.articles("en") for one in article.questions}
    alone = (one for one in phrasings if len(engine.ask_all(one, "en")) == 1)
    return sorted(one for one in alone if engine.job(one) is None)


async def measure(options: argparse.Namespace) -> bool:
    telegram = Telegram(asked(), first_chat=FIRST_CHAT)
    api = f"http://127.0.0.1:{await telegram.listen()}"
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contenders = await started(options.only, api, folder, stack)
        gc.collect()
        gc.freeze()
        found = {each.name: Measured() for each in contenders}
        for contender in contenders:
            async with calling(telegram, contender):
                await closed(telegram, people=AT_ONCE, seconds=options.seconds / 2)
        for _ in range(options.rounds):
            for contender in contenders:
                await a_round(telegram, contender, found[contender.name], options.seconds)
        report(found)
        well = ratios(found)
        for contender in contenders:
            if contender.name == SQLITE:
                well &= await offered(telegram, contender, options)
    return well and not any(each.wrong for each in found.values())


async def offered(telegram: Telegram, contender: Contender, options: argparse.Namespace) -> bool:
    seconds = options.offered
    async with calling(telegram, contender):
        calm = await opened(
            telegram, rate=250, people=CHATS, seconds=seconds, memory=contender.memory
        )
        busy = await opened(
            telegram, rate=700, people=CHATS, seconds=seconds, memory=contender.memory
        )
    in_time = calm.p50 < P50_BAR and calm.p99 < P99_BAR
    flat = max(busy.memory) < busy.memory[0] * MORE_MEMORY
    lost = busy.lost + busy.surplus + calm.lost + calm.surplus
    print(
        f"\n| offered to {contender.name}, {seconds:.0f} s | replies | p50 | p99 | most waiting "
        "| last reply after the last update | memory | lost or double | met |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for title, run, met in (
        ("250 updates/s", calm, in_time and not lost),
        ("700 updates/s", busy, flat and not lost),
    ):
        print(
            f"| {title} | {run.replies} | {run.p50 * 1000:.1f} ms | {run.p99 * 1000:.1f} ms "
            f"| {run.backlog} | {run.waited:.1f} s | {run.memory[0] >> 20} to "
            f"{max(run.memory) >> 20} MB | {run.lost + run.surplus} | {yes(met)} |"
        )
    return in_time and flat and not lost


def report(found: dict[str, Measured]) -> None:
    print("| bot | replies/s | p50 | p99 | CPU a turn | memory | our Telegram | lost or double |")
    print("|---|---|---|---|---|---|---|---|")
    for name, each in found.items():
        p50, p99 = (median(getattr(run, cut) for run in each.runs) for cut in ("p50", "p99"))
        print(
            f"| {name} | {each.rate:.0f} | {p50 * 1000:.1f} ms | {p99 * 1000:.1f} ms "
            f"| {median(each.cpu) * 1000:.2f} ms | {each.memory >> 20} MB "
            f"| {median(each.telegram) * 100:.0f} % | {each.wrong} |"
        )


def ratios(found: dict[str, Measured]) -> bool:
    rows = [
        (ours_, other, bar, found[ours_].rate / found[other].rate)
        for ours_, other, bar in BARS
        if ours_ in found and other in found
    ]
    print("\n| ours | against | at least | measured | met |\n|---|---|---|---|---|")
    for mine, other, bar, ratio in rows:
        print(f"| {mine} | {other} | {bar:.1f} | {ratio:.2f} | {yes(ratio >= bar)} |")
    well = all(ratio >= bar for _, _, bar, ratio in rows)
    if OLD in found and SQLITE in found:
        cost = median(found[OLD].cpu) / median(found[SQLITE].cpu)
        print(
            f"| {MANY_CHATS:,} chats and {PAST_TURNS:,} past turns: CPU a turn | none "
            f"| at most {COST_BAR} | {cost:.2f} | {yes(cost <= COST_BAR)} |"
        )
        well &= cost <= COST_BAR
    return well


def yes(met: bool) -> str:  # noqa: FBT001 - a word for it
    return "yes" if met else "**no**"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a minute instead of some")
    options.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=4.0, help="of a round")
    options.add_argument(
        "--offered", type=float, default=30.0, help="seconds of the offered loads"
    )
    chosen = options.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.seconds, chosen.offered = 3, 2.0, 8.0
    print(
        f"{chosen.rounds} rounds of {chosen.seconds:.0f} s, {AT_ONCE} people at once, "
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; Telegram's send limits lifted"
    )
    sys.exit(not asyncio.run(measure(chosen)))


if __name__ == "__main__":
    main()
