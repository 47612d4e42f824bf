"""Ranks articles for a question before its turn, so that no transaction waits for that.

The engine caches the ranking, and the turn finds it there.
"""

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count
from time import perf_counter
from typing import Any, Final, TypeAlias

import orjson

from bot.gateways.telegram.messages import text_in
from bot.incoming.chat_context import DEFAULT_LANGUAGE
from knowledge.answering.engine import AnswerEngine
from knowledge.tokens import LONGEST_QUESTION
from state.model.work import Incoming

log = logging.getLogger(__name__)

READERS: Final = max(1, (os.cpu_count() or 1) // 2)
"""Threads that compare by meaning; the model releases the interpreter lock meanwhile."""
SHORT: Final = 100
"""Characters; a shorter text is ranked by words in 1 to 2 ms, which may happen in the turn."""
OVERTAKEN: Final = 10
"""For each so many characters of a question, one later question may overtake it."""
_MOST_MARKED: Final = 10_000


_Key: TypeAlias = tuple[int, str]
"""Update id, and the text if it was joined of several updates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    key: _Key
    lane: str
    text: str
    language: str


class QuestionPrefetcher:
    """Priority queue of questions to rank before their turn.

    Short questions overtake long ones, but a long one is not overtaken for ever: its place in the
    queue is its arrival plus an allowance that grows with its length.
    """

    def __init__(self, engine: Callable[[], AnswerEngine]) -> None:
        self._engine = engine
        self._places = count()
        self._waiting: asyncio.PriorityQueue[tuple[int, int, _Question]] = asyncio.PriorityQueue()
        self._ranked: OrderedDict[_Key, bool] = OrderedDict()
        """Questions that are ranked (True) or still queued (False)."""
        self._wake: Callable[[Collection[str]], None] | None = None
        """None while it is not running."""

    def is_read(self, row: Incoming) -> bool:
        """Whether the update may be handled now; if not, it is queued and its lane woken later."""
        ranked = self._ranked.get((row.update_id, ""))
        return self._queued((row.update_id, ""), row, *_asked(row)) if ranked is None else ranked

    def is_ranked(self, row: Incoming, text: str, language: str) -> bool:
        """The same for a text that was joined of several updates, `row` being the newest."""
        ranked = self._ranked.get((row.update_id, text))
        return (
            self._queued((row.update_id, text), row, text, language) if ranked is None else ranked
        )

    def wake_later(self, lane: str, seconds: float) -> None:
        """Wake a lane after so many seconds."""
        if self._wake is not None:
            asyncio.get_running_loop().call_later(seconds, self._wake, [lane])

    def _queued(self, key: _Key, row: Incoming, text: str, language: str) -> bool:
        """Queue a question; True if it needs no ranking before its turn."""
        if self._wake is None:
            return True
        if self._engine().by_words_alone and len(text) <= SHORT:
            return True
        if not any(sign.isalpha() for sign in text):
            return True
        self._ranked[key] = False
        while len(self._ranked) > _MOST_MARKED:
            self._ranked.popitem(last=False)
        place = next(self._places)
        order = place + len(text) // OVERTAKEN
        question = _Question(key=key, lane=row.lane, text=text, language=language)
        self._waiting.put_nowait((order, place, question))
        return False

    async def run(self, wake: Callable[[Collection[str]], None]) -> None:
        """Rank queued questions until cancelled; `wake` is called with the lane of each."""
        self._wake = wake
        async with asyncio.TaskGroup() as readers:
            for _ in range(READERS):
                readers.create_task(self._read(wake))

    async def _read(self, wake: Callable[[Collection[str]], None]) -> None:
        while True:
            _, _, question = await self._waiting.get()
            try:
                await self._ask(question.text, question.language)
            except Exception:
                log.exception("a question could not be read ahead; its turn tries again")
            self._ranked[question.key] = True
            wake([question.lane])

    async def _ask(self, text: str, language: str) -> None:
        """Rank by meaning in a thread; by words in the event loop, yielding as long as it took."""
        engine, began = self._engine(), perf_counter()
        if not engine.by_words_alone:
            await asyncio.to_thread(engine.ask_all, text, language)
            return
        engine.ask_all(text, language)
        await asyncio.sleep(perf_counter() - began)


def _asked(row: Incoming) -> tuple[str, str]:
    """Text and language of a question in a private chat; an empty text for anything else."""
    try:
        update = orjson.loads(row.payload)
    except ValueError:
        return "", DEFAULT_LANGUAGE
    match update.get("message") or update.get("edited_message"):
        case {"chat": {"type": "private"}, "from": {"language_code": str(language)}} as message:
            return _written(message), language or DEFAULT_LANGUAGE
        case {"chat": {"type": "private"}} as message:
            return _written(message), DEFAULT_LANGUAGE
        case _:
            return "", DEFAULT_LANGUAGE


def _written(message: Mapping[str, Any]) -> str:
    """The part of the text that is read; empty for a command."""
    text = text_in(message)
    return "" if text.startswith("/") else text[:LONGEST_QUESTION]
