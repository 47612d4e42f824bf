"""Remember that a person opened an article by a button."""

from dataclasses import dataclass, replace

from state.model.chat import ChatId
from state.model.question import Outcome, Question, QuestionId
from state.ports import Clock, UnitOfWork
from state.usecases.recall_article import STILL_TALKED_ABOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenArticle:
    """After a choice of titles, it is what the question meant: that is kept with the question."""

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
