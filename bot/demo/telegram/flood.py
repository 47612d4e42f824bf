"""Rate limits of the local Telegram (429): when set busy, and per chat."""

import math

from bot.demo.telegram.answer import too_many_requests
from state.ports import Clock

BUSY_SECONDS = 5
WRITES = frozenset(
    {
        "sendMessage",
        "sendDocument",
        "sendPhoto",
        "copyMessage",
        "copyMessages",
        "createForumTopic",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
    }
)


class Flood:
    """Rate limiter; a refused chat stays refused until `retry_after` is over."""

    def __init__(self, *, clock: Clock, burst: int | None = None) -> None:
        """`burst`: messages a chat may get at once, then one per second; None: no limit."""
        self._clock = clock
        self._burst = burst
        self._busy = False
        self._refused_until: dict[str, float] = {}
        self._full_at: dict[str, float] = {}

    @property
    def busy(self) -> bool:
        return self._busy

    def set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self._refused_until.clear()

    def check(self, method: str, chat_id: str) -> None:
        """ApiError 429 if this call is over a limit."""
        if method not in WRITES:
            return
        now = self._clock.now().timestamp()
        left = self._refused_until.get(chat_id, now) - now
        if left > 0:
            raise too_many_requests(math.ceil(left))
        wait = BUSY_SECONDS if self._busy else self._overflow(chat_id, now)
        if wait:
            self._refused_until[chat_id] = now + wait
            raise too_many_requests(wait)

    def _overflow(self, chat_id: str, now: float) -> int:
        """Leaky bucket, one message per second; returns the seconds to wait, 0 if it fits."""
        if self._burst is None:
            return 0
        level = max(self._full_at.get(chat_id, now) - now, 0) + 1
        if level > self._burst:
            return math.ceil(level - self._burst)
        self._full_at[chat_id] = now + level
        return 0
