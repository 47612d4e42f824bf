"""How fast Telegram is written to: within its limits, so that it need not say so."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from bot.rate_limit import Limit, RateLimiter, Window
from state.ports import Claims, Clock

log = logging.getLogger(__name__)

AT_ONCE: Final = 5
"""Messages that a chat may get in one go, when it got few in the seconds before."""
ENOUGH_REFUSALS: Final = 3
"""Chats refused one after another, with no send in between: it is the desk that is too fast."""
LONGEST_SPAN: Final = 60
CHAT: Final = "chat:"
GROUP: Final = "chat:-"
LOOK_AROUND: Final = 5.0
"""Seconds between two counts of the processes that share the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimits:
    """None lifts a limit."""

    desk: Limit | None = None
    chat: Limit | None = None
    group: Limit | None = None


NO_LIMITS: Final = SendLimits()


def limits_of(*, desk: int, chat: int, group: int) -> SendLimits:
    """From messages a second, a second and chat, a minute and group; 0 lifts the limit."""
    return SendLimits(
        desk=Limit(desk, 1) if desk else None,
        chat=Limit(AT_ONCE * chat, AT_ONCE) if chat else None,
        group=Limit(group, LONGEST_SPAN) if group else None,
    )


class Pace:
    """Keeps the limits of the desk and of each chat, and what Telegram asked for beyond them."""

    def __init__(self, clock: Clock, limits: SendLimits = NO_LIMITS) -> None:
        self._clock = clock
        self._limits = limits
        self._desk_limit = limits.desk
        self._desk = Window()
        self._chats = RateLimiter[str](LONGEST_SPAN)
        self._told: dict[str, float] = {}
        self._desk_told = 0.0
        self._refused: set[str] = set()

    def take(self, lane: str) -> float:
        """0 if the lane may go on, which then counts as a send; else the seconds it has to wait.

        A message and an edit count alike, as they do for Telegram. What is no chat's lane writes
        to nobody, and doesn't wait.
        """
        if not lane.startswith(CHAT):
            return 0.0
        rest, now = self.rest(lane), self._now()
        if rest > 0:
            return rest
        if self._desk_limit is not None:
            self._desk.add(now)
        if self._limit(lane) is not None:
            self._chats.add(lane, now)
        return 0.0

    def rest(self, lane: str) -> float:
        """Seconds until a chat's lane may be written to; not more than 0 if that is now."""
        limit, rest = self._limit(lane), max(self.desk_rest(), self.told_to_wait(lane))
        if limit is not None:
            rest = max(rest, self._chats.rest(lane, limit, self._now()))
        return rest

    def _limit(self, lane: str) -> Limit | None:
        return self._limits.group if lane.startswith(GROUP) else self._limits.chat

    def desk_rest(self) -> float:
        """Seconds until any chat at all may be written to; 0 if that is now."""
        if self._desk_limit is None and not self._desk_told:
            return 0.0
        now = self._now()
        rest = self._desk.rest(self._desk_limit, now) if self._desk_limit else 0.0
        return max(rest, self._desk_told - now, 0.0)

    def told_to_wait(self, lane: str) -> float:
        """Seconds that are left of what Telegram asked for; not more than 0 if none are."""
        if not self._told and not self._desk_told:
            return 0.0
        return max(self._told.get(lane, 0.0), self._desk_told) - self._now()

    def refused(self, lane: str, seconds: float) -> None:
        """Telegram asks to wait: this chat, or the desk if it says so of one after another."""
        now = self._now()
        self._told = {one: until for one, until in self._told.items() if until > now}
        self._told[lane] = now + seconds
        self._refused.add(lane)
        if len(self._refused) >= ENOUGH_REFUSALS:
            self._desk_told = max(self._desk_told, now + seconds)
            log.warning("Telegram refuses one chat after another: no sends for %s s", seconds)

    def went_through(self) -> None:
        """So it isn't the desk that has to wait."""
        self._refused.clear()

    def share(self, processes: int) -> None:
        """So many processes send, and each keeps to its part."""
        if self._limits.desk is not None:
            self._desk_limit = self._limits.desk.shared(processes)

    @property
    def remembered(self) -> int:
        """Sends that are kept in mind; none without limits."""
        return len(self._desk) + len(self._chats)

    def _now(self) -> float:
        return self._clock.now().timestamp()


async def keep_counting(claims: Claims, pace: Pace, *, pause: float = LOOK_AROUND) -> None:
    """Until cancelled: finds out how many processes share the limits."""
    while True:
        try:
            pace.share(await claims.sharers())
        except Exception:
            log.exception("how many processes send is not known; it is asked again")
        await asyncio.sleep(pause)
