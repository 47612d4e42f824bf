"""Inbox: updates are stored before they are acknowledged, then handled in order per chat."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeAlias

import orjson

from bot.gateways.telegram.client import number_of, numbers_fit
from bot.storable_text import storable_json
from state.model.work import Incoming
from state.ports import Claims, Clock, InboxQueue

log = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=2)
"""An update that waits longer may be handled by any process."""
PAUSE_AFTER_FAILURE = 1.0
"""Seconds until a turn is retried after the database failed."""

RunLanes: TypeAlias = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Handles one update of each lane in one transaction; returns the lanes with more to do."""
MOST_PER_COMMIT = 16
"""Maximum turns per transaction; later ones wait for its commit."""


FetchUpdates: TypeAlias = Callable[[int | None], Awaitable[list[Any]]]
"""Fetches updates from an offset on; waits while there are none."""


Intercept: TypeAlias = Callable[[Mapping[str, Any]], bool]
"""Handles an update outside of turns; False if it needs a turn."""


_NUL = r"\u0000"


def lane_of(update: Mapping[str, Any]) -> str:
    """Lane of an update: that of its chat, else of its person, else one of its own."""
    for content in update.values():
        if isinstance(content, dict):
            chat = content.get("chat") or (content.get("message") or {}).get("chat")
            owner = chat or content.get("from") or content.get("user")
            if isinstance(owner, dict) and "id" in owner:
                return f"chat:{owner['id']}"
    return f"update:{update.get('update_id')}"


def _as_text(update: Mapping[str, Any]) -> str:
    """The update as JSON, with characters replaced that a database can't store.

    orjson raises for lone surrogates and shows NUL as an escape.
    """
    with suppress(TypeError):
        text = orjson.dumps(update).decode()
        if _NUL not in text:
            return text
    return orjson.dumps(storable_json(update)).decode()


class Intake:
    """Stores incoming updates and wakes their lanes; used by polling and webhook alike."""

    def __init__(
        self,
        inbox: InboxQueue,
        lanes: "Lanes",
        clock: Clock,
        *,
        intercept: Intercept = lambda _: False,
    ) -> None:
        self._inbox = inbox
        self._lanes = lanes
        self._clock = clock
        self._intercept = intercept

    async def take(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Store the updates; once this returns, they are committed and may be acknowledged."""
        rows = [row for update in updates if (row := self._row(update)) is not None]
        if rows:
            self._lanes.wake(await self._inbox.store(rows))

    def _row(self, update: Mapping[str, Any]) -> Incoming | None:
        """The update as inbox row; None if it is handled aside or has no valid id.

        A malformed update is stored too, and set aside in its turn.
        """
        number, now = number_of(update), self._clock.now()
        if number is None or not numbers_fit(update):
            log.warning("an update with a number that no database takes was ignored")
            return None
        try:
            if self._intercept(update):
                return None
            lane, payload = lane_of(update), _as_text(update)
        except (AttributeError, KeyError, TypeError, ValueError):
            lane, payload = f"update:{number}", json.dumps(update)
        return Incoming(update_id=number, lane=lane, payload=payload, received_at=now)


class Lanes:
    """Runs turns: sequentially within a lane, concurrently across lanes, in so many workers."""

    def __init__(self, run: RunLanes, *, workers: int = 16) -> None:
        self._run = run
        self._workers = workers
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._known: set[str] = set()
        self._again: set[str] = set()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish the turns in progress and start no more."""
        self._stopping.set()
        for _ in range(self._workers):
            self._waiting.put_nowait("")

    def wake(self, lanes: Iterable[str]) -> None:
        """Queue lanes that got an update."""
        for lane in lanes:
            if lane in self._known:
                self._again.add(lane)
            else:
                self._known.add(lane)
                self._waiting.put_nowait(lane)

    def wake_idle(self, lanes: Iterable[str]) -> None:
        """Queue lanes that may have an update, unless they are queued or running already."""
        self.wake(frozenset(lanes) - self._known)

    async def run(self) -> None:
        """Run turns until stopped.

        A turn cut off by a crash is rolled back, and run again at the next start.
        """
        async with asyncio.TaskGroup() as workers:
            for _ in range(self._workers):
                workers.create_task(self._work())

    async def _work(self) -> None:
        while not self._stopping.is_set():
            lanes = await self._next_lanes()
            if not lanes:
                return
            try:
                more = await self._run(lanes)
            except Exception:
                log.exception("a turn could not be run; it is tried again")
                await asyncio.sleep(PAUSE_AFTER_FAILURE)
                more = lanes
            for lane in lanes:
                self._finish(lane, more=lane in more)

    async def _next_lanes(self) -> Sequence[str]:
        """The lanes waiting longest, at most `MOST_PER_COMMIT`; empty to stop this worker."""
        lanes = [await self._waiting.get()]
        while lanes[-1] and len(lanes) < MOST_PER_COMMIT and not self._waiting.empty():
            lanes.append(self._waiting.get_nowait())
        return lanes if lanes[-1] else []  # "" ends one worker, and there is one for each

    def _finish(self, lane: str, *, more: bool) -> None:
        if more or lane in self._again:
            # To the back of the queue, so that a busy chat doesn't delay the others.
            self._again.discard(lane)
            self._waiting.put_nowait(lane)
        else:
            self._known.discard(lane)


POLLER = "poller"
"""Name of the claim to poll: Telegram allows one poller per bot."""
STAND_BY = 2.0
"""Seconds between two attempts to take over polling from another process."""


class Polling:
    """The getUpdates loop: the offset advances only past stored updates."""

    def __init__(
        self,
        fetch: FetchUpdates,
        intake: Intake,
        claims: Claims,
        *,
        stand_by: Callable[[], None] = lambda: None,
    ) -> None:
        """`stand_by`: called while another process polls."""
        self._fetch = fetch
        self._intake = intake
        self._claims = claims
        self._stand_by = stand_by

    async def run(self) -> None:
        """Poll until cancelled; `fetch` waits and retries by itself."""
        offset: int | None = None
        while True:
            if not await self._is_the_poller():
                offset = None  # another process advances the offset from now on
                self._stand_by()
                await asyncio.sleep(STAND_BY)
                continue
            updates = await self._fetch(offset)
            try:
                await self._intake.take(updates)
            except Exception:
                log.exception("updates could not be stored; Telegram is asked for them again")
                await asyncio.sleep(PAUSE_AFTER_FAILURE)
                continue
            numbers = [number for one in updates if (number := number_of(one)) is not None]
            if numbers:
                offset = max(numbers) + 1
            elif updates:
                await asyncio.sleep(PAUSE_AFTER_FAILURE)

    async def _is_the_poller(self) -> bool:
        try:
            return POLLER in await self._claims.claim([POLLER])
        except Exception:
            log.exception("whether another process polls is not known; it is asked again")
            return False


class OverdueLanes:
    """Handles updates that another process stored but did not handle, being down or overloaded."""

    def __init__(self, inbox: InboxQueue, lanes: Lanes, clock: Clock) -> None:
        self._inbox = inbox
        self._lanes = lanes
        self._clock = clock

    async def run(self, pause: float = 1.0) -> None:
        """Look for overdue lanes every `pause` seconds, until cancelled."""
        while True:
            await asyncio.sleep(pause)
            try:
                self._lanes.wake_idle(await self._inbox.waiting_lanes(self._clock.now() - OVERDUE))
            except Exception:
                log.exception("waiting lanes could not be looked up; it is tried again")
