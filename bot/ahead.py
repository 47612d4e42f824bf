"""Reads questions before their turn: comparing by meaning takes too long for a transaction."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from itertools import count
from typing import Final

import orjson

from bot.middlewares.reader import DEFAULT_LANGUAGE
from knowledge.engine import AnswerEngine
from knowledge.text import LONGEST_QUESTION
from state.model.work import Incoming

log = logging.getLogger(__name__)

READERS: Final = 2
"""Threads; the model leaves the interpreter to others while it reads."""
OVERTAKEN: Final = 10
"""For each of so many characters, one later question may be read before a longer one."""
_MOST_MARKED: Final = 10_000


class Ahead:
    """The engine keeps what it read, so that in its turn a question is answered at once.

    Short questions overtake long ones, but never for good: each has a place in the queue that is
    the later the longer it is.
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
        if not self._runs or self._engine().by_words_alone:
            return True
        if row.update_id in self._marked:
            return self._marked[row.update_id]
        text, language = _question(row)
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
                await asyncio.to_thread(self._engine().ask_all, text, language)
            except Exception:
                log.exception("a question could not be read ahead; its turn tries again")
            self._marked[row.update_id] = True
            wake([row.lane])


def _question(row: Incoming) -> tuple[str, str]:
    """What an update says in a private chat, and its person's language; else nothing."""
    try:
        update = orjson.loads(row.payload)
    except ValueError:
        return "", DEFAULT_LANGUAGE
    message = update.get("message") or update.get("edited_message")
    match message:
        case {"text": str(text), "chat": {"type": "private"}} if not text.startswith("/"):
            person = message.get("from") or {}
            return text[:LONGEST_QUESTION], str(person.get("language_code") or DEFAULT_LANGUAGE)
        case _:
            return "", DEFAULT_LANGUAGE
