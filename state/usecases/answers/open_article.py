"""Record that a person opened an article by a button, and recall the last one shown."""

from dataclasses import dataclass, replace
from datetime import timedelta

from state.model.chat import ChatId
from state.model.question import Outcome, Question, QuestionId
from state.ports import Clock, ReadUnit, UnitOfWork

STILL_TALKED_ABOUT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallArticle:
    """Slug of the article shown last; None if that is longer ago than `STILL_TALKED_ABOUT`."""

    unit: ReadUnit
    clock: Clock

    async def __call__(self, chat_id: ChatId, *, besides: int) -> str | None:
        """`besides`: the message asking now, which, if edited, was answered before."""
        last = await self.unit.questions.last_shown(chat_id, besides=besides)
        if last is None or self.clock.now() - last.asked_at >= STILL_TALKED_ABOUT:
            return None
        return last.slug


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAnswer:
    """An earlier answer; None if it does not belong to this chat (any more)."""

    unit: ReadUnit

    async def __call__(self, chat_id: ChatId, question_id: QuestionId) -> Question | None:
        question = await self.unit.questions.get(question_id)
        return question if question is not None and question.chat_id == chat_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenArticle:
    """Record an opened article; a question that offered titles gets it as its answer."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, slug: str, language: str) -> QuestionId:
        now = self.clock.now()
        last = await self.unit.questions.last(chat_id)
        if last and _waits_for_a_choice(last) and now - last.asked_at < STILL_TALKED_ABOUT:
            await self.unit.questions.save(replace(last, slug=slug))
        return await self.unit.questions.add(
            Question(
                id=QuestionId(0),
                chat_id=chat_id,
                message_id=None,
                place=0,
                language=language,
                words=None,
                outcome=Outcome.OPENED,
                slug=slug,
                runner_up=None,
                score=0.0,
                asked_at=now,
            )
        )


def _waits_for_a_choice(question: Question) -> bool:
    return question.outcome is Outcome.UNSURE and question.slug is None
