"""Five hundred people who ask one thing after another, a few without waiting for the answers."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.world import World

FIRST_CHAT = 7_000_000_000
AT_ONCE = 40
"""People who talk to the desk at any time."""
MOST_AT_ONCE = 4
"""Questions that somebody asks without waiting for an answer."""
PATIENCE = 240.0
"""Seconds until somebody believes that no answer will come."""


@dataclass(slots=True, kw_only=True)
class Person:
    chat: int
    asks: list[str]
    waits_in_vain: bool = False

    @property
    def lane(self) -> str:
        return f"chat:{self.chat}"


@dataclass(slots=True, kw_only=True)
class Crowd:
    world: World
    people: list[Person]
    dice: random.Random
    asked: int = 0
    _seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def talk(self) -> None:
        """Until everybody has every answer, or has given up hope."""
        async with asyncio.TaskGroup() as lives:
            for person in self.people:
                lives.create_task(self._live(person))

    async def _live(self, person: Person) -> None:
        async with self._seats:
            self.world.arrive(person.chat)
            left = list(person.asks)
            while left and not person.waits_in_vain:
                some, left = self._some(left)
                for question in some:
                    self.world.telegram.visitors.say(person.chat, question)
                    self.asked += 1
                await self._hears(person, some[-1])

    def _some(self, left: list[str]) -> tuple[list[str], list[str]]:
        count = self.dice.randint(1, MOST_AT_ONCE)
        return left[:count], left[count:]

    async def _hears(self, person: Person, title: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while title not in self.world.told(person.chat):  # noqa: ASYNC110 - other processes' affair
                    await asyncio.sleep(0.02)
        except TimeoutError:
            person.waits_in_vain = True


def gather(
    world: World, titles: Sequence[str], *, updates: int, chats: int, dice: random.Random
) -> Crowd:
    """Each with an order of questions of their own; no question twice."""
    share = max(1, updates // chats)
    people = [
        Person(chat=FIRST_CHAT + number, asks=dice.sample(titles, share))
        for number in range(updates // share)
    ]
    return Crowd(world=world, people=people, dice=dice)
