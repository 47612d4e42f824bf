"""How long an honest question waits while a crowd writes the longest texts it can.

Forty people send a text each at once, and again every second, and one person asks short questions
meanwhile, each after the reply to the one before. The reference is the same person without the
crowd, in the same run. Rounds are interleaved, figures are medians of rounds, and each round has
other people. The desk's limits of what it reads are the shipped ones: it takes ten such texts of
a person in a minute, so all that is sent in a round. Those of what it sends are lifted. Questions
are compared by words and, where the `semantic` extra is installed, by meaning.

    python benchmarks/crowd.py [--quick] [--rounds 3] [--seconds 8]
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median
from string import ascii_lowercase
from time import perf_counter

import orjson
from rivals.bot_api import Telegram
from rivals.contenders import HEADER, Contender, ours
from rivals.wire import Poster

from bot.articles.catalogue import SEMANTIC, answer_engine, load_library
from bot.settings import load_settings
from tests.support.databases import fresh_postgres, migrated

CROWD = 40
LONGEST = 4096
ASKED = ("what are connects", "how do I verify my phone number", "what is a premium plan")
PAUSE = 0.25
FIRST = 10_000
"""The chat of the first."""
BAR = 1.0
"""Seconds that the slowest honest reply of a round may take."""
PATIENCE = 60.0
"""Seconds after which a reply is waited for no longer, and counted as having taken so many."""
WORDS, MEANING = "words", "auto"
SHIPPED = {"HELPDESK_READ_RATE": "60000", "HELPDESK_READ_RATE_PERSON": "60"}


class Listening(Telegram):
    """Tells the replies of the honest person from those of the crowd."""

    def __init__(self) -> None:
        super().__init__(list(ASKED), first_chat=FIRST)
        self._answered = asyncio.Event()
        self.honest = 0
        self.heard = self._hear

    async def ask(self, text: str) -> float:
        """Seconds until the reply."""
        self._answered.clear()
        began = perf_counter()
        self.write(self.honest, text)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), PATIENCE)
        return perf_counter() - began

    def write(self, chat: int, text: str) -> None:
        self._open[chat].append(perf_counter())
        self.outstanding += 1
        update = {"update_id": next(self._ids), **self._message(chat, text)}
        self.poster.post(orjson.dumps(update))

    def _hear(self, chat: int) -> None:
        if chat == self.honest:
            self._answered.set()


@dataclass(slots=True)
class Waited:
    """Of each round: the median and the worst of the honest replies."""

    medians: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)

    def add(self, seconds: list[float]) -> None:
        self.medians.append(median(seconds))
        self.worst.append(max(seconds))


@dataclass(slots=True)
class Measured:
    alone: Waited = field(default_factory=Waited)
    crowded: Waited = field(default_factory=Waited)
    written: int = 0
    """By the crowd."""
    unread: int = 0
    """Of these, what waited for an answer when the honest person was through."""


def random_text(dice: random.Random) -> str:
    words = ("".join(dice.choices(ascii_lowercase, k=dice.randint(3, 9))) for _ in range(900))
    return " ".join(words)[:LONGEST]


async def honest(telegram: Listening, seconds: float) -> list[float]:
    took: list[float] = []
    until = perf_counter() + seconds
    while not took or perf_counter() < until:
        took.append(await telegram.ask(ASKED[len(took) % len(ASKED)]))
        await asyncio.sleep(PAUSE)
    return took


@asynccontextmanager
async def calling(telegram: Listening, contender: Contender) -> AsyncIterator[None]:
    contender.wake()
    telegram.poster = Poster(contender.ports, "/telegram", HEADER)
    await telegram.poster.open()
    try:
        yield
    finally:
        telegram.poster.close()
        telegram.forget()
        contender.sleep()


async def a_round(
    telegram: Listening,
    contender: Contender,
    found: Measured,
    people: "count[int]",
    seconds: float,
) -> None:
    async with calling(telegram, contender):
        telegram.honest = next(people)
        found.alone.add(await honest(telegram, seconds / 2))
        crowd = [next(people) for _ in range(CROWD)]
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(write(telegram, crowd, found))
            await asyncio.sleep(0)
            found.crowded.add(await honest(telegram, seconds))
            writing.cancel()
        found.unread += telegram.outstanding


async def write(telegram: Listening, crowd: Sequence[int], found: Measured) -> None:
    """Until cancelled."""
    dice = random.Random(7)
    texts = [random_text(dice) for _ in range(100)]
    while True:
        for chat in crowd:
            telegram.write(chat, f"{dice.randrange(10**6)} {dice.choice(texts)}"[:LONGEST])
        found.written += len(crowd)
        await asyncio.sleep(1)


async def measure(options: argparse.Namespace) -> bool:
    telegram = Listening()
    api = f"http://127.0.0.1:{await telegram.listen()}"
    people = count(FIRST)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contenders = await _started(api, folder, stack)
        found = {each.name: Measured() for each in contenders}
        for _ in range(options.rounds):
            for contender in contenders:
                await a_round(telegram, contender, found[contender.name], people, options.seconds)
    return report(found)


async def _started(api: str, folder: Path, stack: AsyncExitStack) -> list[Contender]:
    ways = [WORDS, *([MEANING] if all(map(find_spec, SEMANTIC)) else [])]
    contenders = []
    for answers in ways:
        for database in ("SQLite", "PostgreSQL"):
            own = folder / f"{database}-{answers}"
            own.mkdir()
            url = f"sqlite+aiosqlite:///{own / 'helpdesk.db'}"
            if database == "PostgreSQL":
                url = await stack.enter_async_context(fresh_postgres())
            name = f"{database}, by {'words' if answers == WORDS else 'words and meaning'}"
            bot = ours(name, await migrated(url), api, own, **_settings(answers))
            contender = await stack.enter_async_context(bot)
            contender.sleep()
            contenders.append(contender)
    return contenders


def _settings(answers: str) -> Mapping[str, str]:
    """Vectors of phrasings are kept where the developer's own bot keeps them."""
    settings = load_settings(_env_file=None, answers=answers)
    answer_engine(load_library(settings), settings)  # fills the cache, which may take a minute
    cache = str(settings.cache.expanduser())
    return {**SHIPPED, "HELPDESK_ANSWERS": answers, "HELPDESK_CACHE": cache}


def report(found: Mapping[str, Measured]) -> bool:
    print(
        "| desk | alone: median, worst | with the crowd: median, worst | times | long texts, of "
        f"these still waiting | worst under {BAR:.0f} s |"
    )
    print("|---|---|---|---|---|---|")
    well = True
    for name, one in found.items():
        alone, crowded = median(one.alone.medians), median(one.crowded.medians)
        worst = median(one.crowded.worst)
        well &= worst < BAR
        print(
            f"| {name} | {alone * 1000:.0f} ms, {median(one.alone.worst) * 1000:.0f} ms "
            f"| {crowded * 1000:.0f} ms, {worst * 1000:.0f} ms | {crowded / alone:.1f} "
            f"| {one.written}, {one.unread} | {'yes' if worst < BAR else '**no**'} |"
        )
    return well


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="half a minute instead of some")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=8.0, help="of a round with the crowd")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.seconds = 1, 5.0
    print(
        f"{chosen.rounds} rounds of {chosen.seconds:.0f} s, {CROWD} people with {LONGEST} "
        f"characters a second each, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    )
    sys.exit(not asyncio.run(measure(chosen)))


if __name__ == "__main__":
    main()
