"""What a chat talks about, for a question that leans on the one before it."""

from dataclasses import dataclass
from datetime import timedelta

from state.model.chat import ChatId
from state.ports import Clock, UnitOfWork

STILL_TALKED_ABOUT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallArticle:
    """The slug of the article that was shown last, unless that is too long ago."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, *, besides: int) -> str | None:
        """`besides` is the message that asks now: an edited one has been answered before."""
        last = await self.unit.questions.last_shown(chat_id, besides=besides)
        if last is None or self.clock.now() - last.asked_at >= STILL_TALKED_ABOUT:
            return None
        return last.slug
