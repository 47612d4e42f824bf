"""Flood guard: an incoming rate limiter that drops updates before they are stored.

A person over the limit is told once, and ignored until their limit allows more.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Final, TypeAlias

from bot.gateways.telegram.messages import text_in
from bot.presentation.renderer import Presenter
from bot.presentation.views.account import too_fast
from bot.rate_limit import Limit, RateLimiter, Window
from knowledge.tokens import LONGEST_QUESTION
from state.model.chat import ChatId
from state.ports import Clock, Transact, UnitOfWork
from state.usecases.lanes import chat_lane
from state.usecases.private_topics import private_topic

log = logging.getLogger(__name__)

MINUTE: Final = 60.0
ACTS: Final = 3
"""Factor by which acts may be more frequent than words, since browsing by buttons is fast."""
NOTICES: Final = Limit(5, 1)
"""Limit of notices sent; a faster flood comes from bots, which need none."""
LENGTH_OF_ONE: Final = 100
"""Characters; a text counts once for each so many, since its matching takes longer."""
FEWEST_DIGITS: Final = 4
"""The shortest code that a policy may have."""
MOST_LETTERS: Final = 4
"""With at least so many digits and at most so many letters, a text is a number or code."""
_ROOM: Final = 200


class Activity(Enum):
    """Kind of update; the rate limiter counts each kind separately."""

    WORDS = auto()
    GREETING = auto()
    """A bare /start, which swarms of bots send."""
    ACT = auto()
    """A command, button press, contact or number: steps of a task, or the way to staff."""


Who: TypeAlias = tuple[int, Activity]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to send: this chat is ignored until then."""

    chat_id: ChatId
    language: str | None
    until: datetime
    """When updates from this person are taken again."""


class FloodGuard:
    """Decides by rate whether an update is dropped, before it costs a database row.

    Acts are counted apart from words: a person who asked too much still reaches staff and gets
    through a verification. When too many people write at once, only words and greetings are
    dropped.
    """

    def __init__(
        self, clock: Clock, *, person: int, desk: int, unlimited_chat: int | None
    ) -> None:
        """`person` and `desk`: texts per minute, of one person and of all; 0 for no limit.

        `unlimited_chat`: the staff group, which is never limited.
        """
        self._clock = clock
        self._limits = {
            Activity.WORDS: Limit(person, MINUTE),
            Activity.GREETING: Limit(person, MINUTE),
            Activity.ACT: Limit(ACTS * person, MINUTE),
        }
        self._desk_limit = Limit(desk, MINUTE) if desk else None
        self._unlimited_chat = unlimited_chat
        self._desk, self._told = Window(), Window()
        self._counted = RateLimiter[Who](MINUTE)
        self._muted: OrderedDict[Who, float] = OrderedDict()
        self.notices: asyncio.Queue[Notice] = asyncio.Queue(_ROOM)

    def take(self, update: Mapping[str, Any]) -> bool:
        """Count the update; True if it is over the limit and must be dropped."""
        pressed = update.get("callback_query")
        message = update.get("message") or update.get("edited_message")
        said = pressed or message
        if not said or "from" not in said:
            return False
        chat_id = (message or {}).get("chat", said["from"])["id"]
        if chat_id == self._unlimited_chat:
            return False
        now = self._clock.now().timestamp()
        who = (int(said["from"]["id"]), kind_of(message) if message else Activity.ACT)
        if self._muted.get(who, 0.0) > now:
            return True
        wait = self._wait(who, cost_of(message or {}), now)
        if wait:
            self._mute(who, now, until=now + wait)
            if chat_id == who[0]:
                self._tell(ChatId(chat_id), said["from"].get("language_code"), now, now + wait)
        return bool(wait)

    @property
    def size(self) -> int:
        """Number of counted events and muted senders in memory; 0 without limits."""
        return len(self._counted) + len(self._muted)

    def _wait(self, who: Who, cost: int, now: float) -> float:
        """0 if within the limits (then counted), else the seconds to ignore the sender."""
        kind, limit = who[1], self._limits[who[1]]
        if limit.most and self._counted.wait_seconds(who, limit, now):
            return MINUTE
        if self._desk_limit and kind is not Activity.ACT:
            if wait := self._desk.wait_seconds(self._desk_limit, now):
                return wait
            self._desk.add(now, cost)
        if limit.most:
            self._counted.add(who, now, cost)
        return 0.0

    def _mute(self, who: Who, now: float, *, until: float) -> None:
        self._muted[who] = until
        self._muted.move_to_end(who)
        while next(iter(self._muted.values())) <= now:
            self._muted.popitem(last=False)

    def _tell(self, chat_id: ChatId, language: str | None, now: float, until: float) -> None:
        if self._told.wait_seconds(NOTICES, now):
            return
        self._told.add(now)
        with contextlib.suppress(asyncio.QueueFull):
            self.notices.put_nowait(Notice(chat_id, language, datetime.fromtimestamp(until, UTC)))


def cost_of(message: Mapping[str, Any]) -> int:
    """Number of texts that a message counts as: 1 for a command, a press or a short text."""
    text = _text(message)
    return 1 if text.startswith("/") else max(1, -(-len(text) // LENGTH_OF_ONE))


def _text(message: Mapping[str, Any]) -> str:
    """The part of the text or caption that is read."""
    return text_in(message)[:LONGEST_QUESTION]


def kind_of(message: Mapping[str, Any]) -> Activity:
    """Kind of activity that a Bot API message counts as."""
    text = _text(message)
    if text.strip().lower() == "/start":
        return Activity.GREETING
    if "contact" in message or text.startswith("/"):
        return Activity.ACT
    digits = sum(sign.isdigit() for sign in text)
    letters = sum(sign.isalpha() for sign in text)
    return Activity.ACT if digits >= FEWEST_DIGITS and letters <= MOST_LETTERS else Activity.WORDS


class FloodNotices:
    """Sends the flood guard's notices through the outbox."""

    def __init__(
        self,
        guard: FloodGuard,
        *,
        transact: Transact,
        present: Presenter,
        clock: Clock,
        wake_outbox: Callable[[], None],
    ) -> None:
        self._guard = guard
        self._transact = transact
        self._present = present
        self._clock = clock
        self._wake_outbox = wake_outbox

    async def run(self) -> None:
        """Send notices as they come, until cancelled."""
        while True:
            notice = await self.next()
            try:
                await self.tell(notice)
            except Exception:
                log.exception("nobody could be told that they write too fast")

    async def next(self) -> Notice:
        """Wait for the next notice."""
        return await self._guard.notices.get()

    async def tell(self, notice: Notice) -> None:
        """Add the notice to the outbox, in the chat's lane."""
        said = self._present(too_fast(notice.until), notice.chat_id, notice.language)

        async def work(unit: UnitOfWork) -> None:
            await unit.outbox.add(
                replace(said, thread_id=await private_topic(unit, notice.chat_id)),
                lane=chat_lane(notice.chat_id),
                key=f"flood:{notice.chat_id}:{notice.until:%Y-%m-%dT%H:%M:%S}",
                due_at=self._clock.now(),
            )

        await self._transact(work)
        self._wake_outbox()
