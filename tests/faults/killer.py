"""Kills a bot at chosen moments and starts it again, while people go on talking to it."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.faults.ledger import Ledger
from tests.faults.people import Person
from tests.faults.process import Process, Start, fork_server
from tests.faults.surroundings import Outside, opened_outside
from tests.support.databases import opened

AT_ONCE = 3
"""People who talk to the bot at any time."""
LATEST = 60.0
"""Seconds; a moment that doesn't come in this time is not waited for."""
MOST_SECONDS = 60
"""That a bot may take to stop."""
PAUSE = 0.03
"""Until what a dead process had sent has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """`after` seconds past a moment; None: while the bot still waits for that moment's answer."""

    moment: str
    after: float | None
    number: signal.Signals = signal.SIGKILL


def kills(seed: int, moments: Sequence[str], times: int) -> list[Strike]:
    """Each moment once while it lasts, and then each some time after it; orders are shuffled."""
    dice = random.Random(seed)
    lasting = [Strike(moment=each, after=None) for each in dice.sample(moments, len(moments))]
    passed = [
        Strike(moment=each, after=dice.uniform(0, 0.05))
        for each in dice.sample(moments, len(moments))
    ]
    return [*lasting, *passed][:times]


@dataclass(slots=True, kw_only=True)
class Ordeal:
    outside: Outside
    process: Process
    ledger: Ledger
    verifies: bool = True
    people: list[Person] = field(default_factory=list)
    exits: list[int] = field(default_factory=list)
    unmarked: list[Counter[int]] = field(default_factory=list)
    """At each death: what `doubled` was then."""
    _enough: bool = False

    async def run(self, plan: Sequence[Strike]) -> None:
        """Everybody who began is through with everything when this returns."""
        numbers = count(1)
        await self.process.start()
        async with asyncio.TaskGroup() as lives:
            for _ in range(AT_ONCE):
                lives.create_task(self._lives(numbers))
            for strike in plan:
                await self._strike(strike)
                await self.process.start()
            self._enough = True
        await self._settled()

    async def _lives(self, numbers: "count[int]") -> None:
        while not self._enough:
            number = next(numbers)
            person = Person(
                outside=self.outside,
                number=number,
                wrong_codes=3 if number % 4 == 0 else 1,
                verifies=self.verifies,
            )
            self.people.append(person)
            await person.live()

    async def _strike(self, strike: Strike) -> None:
        reached, dead = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            reached.set()
            if strike.after is None:
                self.process.signal(strike.number)
                await dead.wait()

        with self.outside.moments.armed(strike.moment, hold), suppress(TimeoutError):
            await asyncio.wait_for(reached.wait(), LATEST)
        if strike.after is not None or not reached.is_set():
            await asyncio.sleep(strike.after or 0)
            self.process.signal(strike.number)
        async with asyncio.timeout(MOST_SECONDS):
            self.exits.append(await self.process.ended())
        dead.set()
        await self.ledger.hears_the_dead_out()
        await asyncio.sleep(PAUSE)
        self.unmarked.append(await self.doubled())

    @property
    def unmarked_by_a_death(self) -> int:
        """The most messages that one death left unmarked in one chat."""
        befores = [Counter[int](), *self.unmarked]
        news = [after - before for before, after in zip(befores, self.unmarked, strict=False)]
        return max((count for each in news for count in each.values()), default=0)

    async def doubled(self) -> Counter[int]:
        """Messages a chat got, by chat, beyond those that are marked as sent."""
        told = await self.ledger.told()
        return +Counter(
            {each.chat: len(each.sent) - told[f"chat:{each.chat}"] for each in self.people}
        )

    async def _settled(self) -> None:
        async with asyncio.timeout(120):
            while await self.ledger.waiting(self.outside.clock.now()):  # noqa: ASYNC110 - another process's affair
                await asyncio.sleep(0.05)


@asynccontextmanager
async def opened_ordeal(
    database_url: str, folder: Path, *, polling: bool = False, start: Start = fork_server
) -> AsyncIterator[Ordeal]:
    """`start` is `cold` for the program as it is typed; `polling` knows no calls."""
    changes = {"public_url": "", "voice": "none"} if polling else {}
    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(opened_outside())
        settings = outside.settings(database_url, folder, **changes)
        yield Ordeal(
            outside=outside,
            process=await stack.enter_async_context(start(settings, folder)),
            ledger=Ledger(await stack.enter_async_context(opened(database_url))),
            verifies=not polling,
        )
