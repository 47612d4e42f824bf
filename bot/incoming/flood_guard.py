"""Who writes faster than anybody can read is told so once, and not listened to for a while."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Final, TypeAlias

from bot.presentation.renderer import Presenter
from bot.presentation.views.account import too_fast
from bot.rate_limit import Limit, RateLimiter, Window
from knowledge.tokens import LONGEST_QUESTION
from state.model.chat import ChatId
from state.ports import Clock, Transact, UnitOfWork
from state.usecases.lanes import chat_lane

log = logging.getLogger(__name__)

MINUTE: Final = 60.0
ACTS: Final = 3
"""Times as many acts as words: browsing goes quickly."""
NOTICES: Final = Limit(5, 1)
"""What comes in faster than this can be told is no people."""
LENGTH_OF_ONE: Final = 100
"""Characters; a text counts once for each so many, because it takes as much longer to read."""
FEWEST_DIGITS: Final = 6
MOST_LETTERS: Final = 4
"""Of a number or a code; anything else is words."""
_ROOM: Final = 200


class Activity(Enum):
    WORDS = auto()
    GREETING = auto()
    """A bare /start, which a swarm sends."""
    ACT = auto()
    """A command, a press, a contact, a number: a way through something, or to a person."""


Who: TypeAlias = tuple[int, Activity]


@dataclass(frozen=True, slots=True)
class Notice:
    chat_id: ChatId
    language: str | None
    until: datetime
    """When the desk listens again."""


class FloodGuard:
    """Decides before anything is stored, so that a flood costs no row.

    What people do is counted apart from what they say: who asked too much still gets a person, and
    through a verification; and when too many write at once, only words and greetings wait.
    """

    def __init__(self, clock: Clock, *, person: int, desk: int, spared: int | None) -> None:
        """Texts a minute of one person, and of all; 0 for no limit. `spared`: the staff's chat."""
        self._clock = clock
        self._limits = {
            Activity.WORDS: Limit(person, MINUTE),
            Activity.GREETING: Limit(person, MINUTE),
            Activity.ACT: Limit(ACTS * person, MINUTE),
        }
        self._desk_limit = Limit(desk, MINUTE) if desk else None
        self._spared = spared
        self._desk, self._told = Window(), Window()
        self._heard = RateLimiter[Who](MINUTE)
        self._deaf: OrderedDict[Who, float] = OrderedDict()
        self.notices: asyncio.Queue[Notice] = asyncio.Queue(_ROOM)

    def take(self, update: Mapping[str, Any]) -> bool:
        """Whether it goes no further."""
        pressed = update.get("callback_query")
        message = update.get("message") or update.get("edited_message")
        said = pressed or message
        if not said or "from" not in said:
            return False
        chat_id = (message or {}).get("chat", said["from"])["id"]
        if chat_id == self._spared:
            return False
        now = self._clock.now().timestamp()
        who = (int(said["from"]["id"]), kind_of(message) if message else Activity.ACT)
        if self._deaf.get(who, 0.0) > now:
            return True
        rest = self._rest(who, cost_of(message or {}), now)
        if rest:
            self._turn_deaf(who, now, until=now + rest)
            if chat_id == who[0]:
                self._tell(ChatId(chat_id), said["from"].get("language_code"), now, now + rest)
        return bool(rest)

    @property
    def remembered(self) -> int:
        """What is kept in mind of people; nothing without limits."""
        return len(self._heard) + len(self._deaf)

    def _rest(self, who: Who, cost: int, now: float) -> float:
        """0 if it is heard, and counted; else the seconds without hearing."""
        kind, limit = who[1], self._limits[who[1]]
        if limit.most and self._heard.rest(who, limit, now):
            return MINUTE
        if self._desk_limit and kind is not Activity.ACT:
            if rest := self._desk.rest(self._desk_limit, now):
                return rest
            self._desk.add(now, cost)
        if limit.most:
            self._heard.add(who, now, cost)
        return 0.0

    def _turn_deaf(self, who: Who, now: float, *, until: float) -> None:
        self._deaf[who] = until
        self._deaf.move_to_end(who)
        while next(iter(self._deaf.values())) <= now:
            self._deaf.popitem(last=False)

    def _tell(self, chat_id: ChatId, language: str | None, now: float, until: float) -> None:
        if self._told.rest(NOTICES, now):
            return
        self._told.add(now)
        with contextlib.suppress(asyncio.QueueFull):
            self.notices.put_nowait(Notice(chat_id, language, datetime.fromtimestamp(until, UTC)))


def cost_of(message: Mapping[str, Any]) -> int:
    """How many messages it counts as: a command, a press or a short text as one."""
    text = _text(message)
    return 1 if text.startswith("/") else max(1, -(-len(text) // LENGTH_OF_ONE))


def _text(message: Mapping[str, Any]) -> str:
    """As much of it as is read."""
    return str(message.get("text", ""))[:LONGEST_QUESTION]


def kind_of(message: Mapping[str, Any]) -> Activity:
    text = _text(message)
    if text.strip() == "/start":
        return Activity.GREETING
    if "contact" in message or text.startswith("/"):
        return Activity.ACT
    digits = sum(sign.isdigit() for sign in text)
    letters = sum(sign.isalpha() for sign in text)
    return Activity.ACT if digits >= FEWEST_DIGITS and letters <= MOST_LETTERS else Activity.WORDS


class FloodNotices:
    """Tells people, in the order of their chat, that they are not listened to for now."""

    def __init__(
        self,
        guard: FloodGuard,
        *,
        transact: Transact,
        present: Presenter,
        clock: Clock,
        committed: Callable[[], None],
    ) -> None:
        self._guard = guard
        self._transact = transact
        self._present = present
        self._clock = clock
        self._committed = committed

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            notice = await self.next()
            try:
                await self.tell(notice)
            except Exception:
                log.exception("nobody could be told that they write too fast")

    async def next(self) -> Notice:
        return await self._guard.notices.get()

    async def tell(self, notice: Notice) -> None:
        said = self._present(too_fast(notice.until), notice.chat_id, notice.language)

        async def work(unit: UnitOfWork) -> None:
            await unit.outbox.add(
                said,
                lane=chat_lane(notice.chat_id),
                key=f"flood:{notice.chat_id}:{notice.until:%Y-%m-%dT%H:%M:%S}",
                due_at=self._clock.now(),
            )

        await self._transact(work)
        self._committed()
