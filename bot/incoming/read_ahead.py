"""Reads questions before their turn where that takes too long for a transaction."""

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Collection
from itertools import count
from time import perf_counter
from typing import Final

import orjson

from bot.incoming.chat_context import DEFAULT_LANGUAGE
from knowledge.answering.engine import AnswerEngine
from knowledge.tokens import LONGEST_QUESTION
from state.model.work import Incoming

log = logging.getLogger(__name__)

READERS: Final = max(1, (os.cpu_count() or 1) // 2)
"""Threads that compare by meaning; the model leaves the interpreter to others while it does."""
SHORT: Final = 100
"""Characters; comparing them by words takes a millisecond or two, which a transaction can bear."""
OVERTAKEN: Final = 10
"""For each of so many characters, one later question may be read before a longer one."""
_MOST_MARKED: Final = 10_000


class Ahead:
    """The engine keeps what it read, so that in its turn a question is answered at once.

    Short questions overtake long ones, but not for good: the longer one is, the later is its place
    in the queue.
    """

    def __init__(self, engine: Callable[[], AnswerEngine]) -> None:
        self._engine = engine
        self._places = count()
        self._waiting: asyncio.PriorityQueue[tuple[int, int, Incoming, str, str]] = (
            asyncio.PriorityQueue()
        )
        self._marked: OrderedDict[int, bool] = OrderedDict()
        """Updates that wait (False) or were read (True)."""
        self._runs = False

    def is_read(self, row: Incoming) -> bool:
        """False for a question that is to be left for now; its lane is woken when it was read."""
        if not self._runs:
            return True
        if row.update_id in self._marked:
            return self._marked[row.update_id]
        text, language = _question(row)
        if self._engine().by_words_alone and len(text) <= SHORT:
            return True
        if not any(sign.isalpha() for sign in text):
            return True
        self._marked[row.update_id] = False
        while len(self._marked) > _MOST_MARKED:
            self._marked.popitem(last=False)
        place = next(self._places)
        order = place + len(text) // OVERTAKEN
        self._waiting.put_nowait((order, place, row, text, language))
        return False

    async def run(self, wake: Callable[[Collection[str]], None]) -> None:
        """Until cancelled."""
        self._runs = True
        async with asyncio.TaskGroup() as readers:
            for _ in range(READERS):
                readers.create_task(self._read(wake))

    async def _read(self, wake: Callable[[Collection[str]], None]) -> None:
        while True:
            _, _, row, text, language = await self._waiting.get()
            try:
                await self._ask(text, language)
            except Exception:
                log.exception("a question could not be read ahead; its turn tries again")
            self._marked[row.update_id] = True
            wake([row.lane])

    async def _ask(self, text: str, language: str) -> None:
        """By words in the loop, which a thread would hold up for longer, and half of its time."""
        engine, began = self._engine(), perf_counter()
        if not engine.by_words_alone:
            await asyncio.to_thread(engine.ask_all, text, language)
            return
        engine.ask_all(text, language)
        await asyncio.sleep(perf_counter() - began)


def _question(row: Incoming) -> tuple[str, str]:
    """What an update says in a private chat, and its person's language; else nothing."""
    try:
        update = orjson.loads(row.payload)
    except ValueError:
        return "", DEFAULT_LANGUAGE
    message = update.get("message") or update.get("edited_message")
    match message:
        case {"text": str(text), "chat": {"type": "private"}} if not text.startswith("/"):
            match message.get("from"):
                case {"language_code": str(language)} if language:
                    return text[:LONGEST_QUESTION], language
                case _:
                    return text[:LONGEST_QUESTION], DEFAULT_LANGUAGE
        case _:
            return "", DEFAULT_LANGUAGE
