"""Two ways to load a bot: everybody waits for their reply, or people come whenever they come."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from statistics import quantiles
from time import perf_counter

from rivals.bot_api import Book, Telegram

PATIENCE = 60.0
"""Seconds until a reply that did not come is lost."""
_TICK = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    replies: int
    elapsed: float
    p50: float
    p99: float
    lost: int
    surplus: int
    refused: int
    waited: float = 0.0
    """Seconds that the last replies came after the last update."""
    backlog: int = 0
    """The most updates that waited at once."""
    memory: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.replies / self.elapsed


async def closed(telegram: Telegram, *, people: int, seconds: float) -> Run:
    """As many updates as get through while each person waits for the reply."""
    chats = telegram.chats(people)
    telegram.book = book = Book()
    ends = perf_counter() + seconds
    telegram.heard = lambda chat: telegram.say(chat) if perf_counter() < ends else None
    began = perf_counter()
    for _ in range(people):
        telegram.say(next(chats))
    await asyncio.sleep(seconds)
    replies, elapsed = len(book.seconds), perf_counter() - began
    await _settled(telegram)
    return _run(telegram, book, replies, elapsed)


async def opened(
    telegram: Telegram,
    *,
    rate: float,
    people: int,
    seconds: float,
    memory: Callable[[], int],
) -> Run:
    """Updates come at random, so many a second on average, whatever became of those before."""
    dice = random.Random(7)
    chats = telegram.chats(people)
    telegram.book = book = Book()
    telegram.heard = lambda _: None
    began = due = perf_counter()
    seen: list[int] = []
    backlog = 0
    while due < began + seconds:
        now = perf_counter()
        while due <= now and due < began + seconds:
            telegram.say(next(chats), due)
            due += dice.expovariate(rate)
        backlog = max(backlog, telegram.outstanding)
        if now - began >= len(seen):
            seen.append(memory())
        await asyncio.sleep(min(max(due - perf_counter(), 0), _TICK))
    over = perf_counter()
    await _settled(telegram)
    drained = perf_counter()
    seen.append(memory())
    run = _run(telegram, book, len(book.seconds), drained - began)
    return replace(run, waited=drained - over, backlog=backlog, memory=seen)


async def _settled(telegram: Telegram) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while telegram.outstanding:  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(_TICK)
    await asyncio.sleep(0.05)  # for a reply too many to show itself


def _run(telegram: Telegram, book: Book, replies: int, elapsed: float) -> Run:
    cuts = quantiles(book.seconds, n=100) if len(book.seconds) > 1 else [0.0] * 99
    refused, telegram.poster.refused = telegram.poster.refused, 0
    return Run(
        replies=replies,
        elapsed=elapsed,
        p50=cuts[49],
        p99=cuts[98],
        lost=telegram.forget(),
        surplus=book.surplus,
        refused=refused,
    )
