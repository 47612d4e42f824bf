"""Outgoing rate limiter: keeps within Telegram's limits and observes its retry-after waits."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from bot.rate_limit import Limit, RateLimiter, Window
from state.ports import Claims, Clock

log = logging.getLogger(__name__)

AT_ONCE: Final = 5
"""Burst of messages that a chat may get after some quiet seconds."""
TOGETHER: Final = 2
"""Messages of the whole bot that may leave at once; the others are spread over the second.

What leaves at once is not yet marked as sent at once, and would be sent again after a kill.
"""
SPREAD: Final = 0.9
"""Of the time between two such messages: what a late timer loses is made up for."""
ENOUGH_REFUSALS: Final = 3
"""Chats refused in a row, without a success, that mean a limit of the whole bot."""
LONGEST_SPAN: Final = 60
CHAT: Final = "chat:"
GROUP: Final = "chat:-"
LOOK_AROUND: Final = 5.0
"""Interval between counts of the processes that share the limits, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimits:
    """Limits for the whole bot, per private chat and per group; None for no limit."""

    desk: Limit | None = None
    spread: Limit | None = None
    """Also for the whole bot, so that its second is not used up at once."""
    chat: Limit | None = None
    group: Limit | None = None


NO_LIMITS: Final = SendLimits()


def limits_of(*, desk: int, chat: int, group: int) -> SendLimits:
    """Limits from messages per second (bot and chat) and per minute (group); 0 for no limit."""
    return SendLimits(
        desk=Limit(desk, 1) if desk else None,
        spread=Limit(TOGETHER, SPREAD * TOGETHER / desk) if desk > TOGETHER else None,
        chat=Limit(AT_ONCE * chat, AT_ONCE) if chat else None,
        group=Limit(group, LONGEST_SPAN) if group else None,
    )


class SendRateLimiter:
    """Rate limiter of outgoing messages, for the bot and for each chat.

    Combines the configured limits with the retry-after waits that Telegram asked for.
    """

    def __init__(self, clock: Clock, limits: SendLimits = NO_LIMITS) -> None:
        self._clock = clock
        self._limits = limits
        self._desk_limits = self._shares(1)
        self._chats = RateLimiter[str](LONGEST_SPAN)
        self._told: dict[str, float] = {}
        self._desk_told = 0.0
        self._refused: set[str] = set()

    def take(self, lane: str) -> float:
        """Count one send in this lane and return 0, or return the seconds to wait first.

        An edit counts like a message, as it does for Telegram. Lanes of other kinds than chats
        write to nobody and never wait.
        """
        if not lane.startswith(CHAT):
            return 0.0
        wait, now = self.wait_for(lane), self._now()
        if wait > 0:
            return wait
        for _, window in self._desk_limits:
            window.add(now)
        if self._limit(lane) is not None:
            self._chats.add(lane, now)
        return 0.0

    def wait_for(self, lane: str) -> float:
        """Seconds until this chat's lane may send; 0 or less if it may now."""
        limit, wait = self._limit(lane), max(self.desk_wait(), self.retry_after(lane))
        if limit is not None:
            wait = max(wait, self._chats.wait_seconds(lane, limit, self._now()))
        return wait

    def _limit(self, lane: str) -> Limit | None:
        return self._limits.group if lane.startswith(GROUP) else self._limits.chat

    def desk_wait(self) -> float:
        """Seconds until any chat at all may be sent to; 0 if one may now."""
        if not self._desk_limits and not self._desk_told:
            return 0.0
        now = self._now()
        waits = [window.wait_seconds(limit, now) for limit, window in self._desk_limits]
        return max(*waits, self._desk_told - now, 0.0)

    def retry_after(self, lane: str) -> float:
        """Seconds left of a wait that Telegram asked for; 0 or less if there is none."""
        if not self._told and not self._desk_told:
            return 0.0
        return max(self._told.get(lane, 0.0), self._desk_told) - self._now()

    def refused(self, lane: str, seconds: float) -> None:
        """Record a retry-after response.

        For this chat, or for the bot if several chats get one.
        """
        now = self._now()
        self._told = {one: until for one, until in self._told.items() if until > now}
        self._told[lane] = now + seconds
        self._refused.add(lane)
        if len(self._refused) >= ENOUGH_REFUSALS:
            self._desk_told = max(self._desk_told, now + seconds)
            log.warning("Telegram refuses one chat after another: no sends for %s s", seconds)

    def pause(self, seconds: float) -> None:
        """Send nothing to anybody for so long."""
        self._desk_told = max(self._desk_told, self._now() + seconds)

    def succeeded(self) -> None:
        """Record a success, which shows that the bot as a whole is not limited."""
        self._refused.clear()

    def share(self, processes: int) -> None:
        """Divide the bot-wide limit among so many processes."""
        windows = [window for _, window in self._desk_limits]
        self._desk_limits = [
            (limit, window)
            for (limit, _), window in zip(self._shares(processes), windows, strict=True)
        ]

    def _shares(self, processes: int) -> list[tuple[Limit, Window]]:
        whole = (self._limits.desk, self._limits.spread)
        return [(limit.shared(processes), Window()) for limit in whole if limit is not None]

    @property
    def size(self) -> int:
        """Sends held in memory; 0 without limits."""
        return sum(len(window) for _, window in self._desk_limits[:1]) + len(self._chats)

    def _now(self) -> float:
        return self._clock.now().timestamp()


async def share_among_processes(
    claims: Claims, send_rate: SendRateLimiter, *, pause: float = LOOK_AROUND
) -> None:
    """Share the limits among the processes that run, recounted every `pause` seconds for ever."""
    while True:
        try:
            send_rate.share(await claims.process_count())
        except Exception:
            log.exception("how many processes send is not known; it is asked again")
        await asyncio.sleep(pause)
