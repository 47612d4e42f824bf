"""Kills a bot at chosen moments and starts it again, while people go on talking to it."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.databases import opened
from tests.faults.ledger import Ledger
from tests.faults.outside import Outside, opened_outside
from tests.faults.people import Person
from tests.faults.process import Process, nursery

AT_ONCE = 3
"""People who talk to the bot at any time."""
LATEST = 3.0
"""Seconds; a moment that doesn't come in this time is not waited for."""
PAUSE = 0.03
"""Until what a dead process had sent has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """`after` seconds past a moment; None: while the bot still waits for that moment's answer."""

    moment: str
    after: float | None
    number: signal.Signals = signal.SIGKILL


def strikes(
    seed: int, moments: Sequence[str], times: int, number: signal.Signals = signal.SIGKILL
) -> list[Strike]:
    """All moments in turn, each time anew in another order; every other one while it lasts."""
    dice = random.Random(seed)
    order = [moment for _ in range(times) for moment in dice.sample(moments, len(moments))]
    afters = [dice.choice([None, dice.uniform(0, 0.05)]) for _ in range(times)]
    return [
        Strike(moment=moment, after=after, number=number)
        for moment, after in zip(order, afters, strict=False)
    ]


@dataclass(slots=True, kw_only=True)
class Ordeal:
    outside: Outside
    process: Process
    ledger: Ledger
    verifies: bool = True
    people: list[Person] = field(default_factory=list)
    exits: list[int] = field(default_factory=list)
    in_flight: Counter[int] = field(default_factory=Counter)
    """Messages, by chat, that had arrived when the bot died and were not marked as sent."""
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
        await self.settled()

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
        hit = asyncio.Event()

        async def kill() -> None:
            hit.set()
            if strike.after is None:
                await self._end(strike.number)

        self.outside.moments.strikes[strike.moment] = kill
        try:
            await asyncio.wait_for(hit.wait(), LATEST)
        except TimeoutError:
            del self.outside.moments.strikes[strike.moment]
        if strike.after is not None or not hit.is_set():
            await asyncio.sleep(strike.after or 0)
            await self._end(strike.number)
        while len(self.exits) <= len(self.deaths):
            await asyncio.sleep(PAUSE)

    async def settled(self) -> None:
        async with asyncio.timeout(30):
            while await self.ledger.waiting(self.outside.now()):
                await asyncio.sleep(0.05)
