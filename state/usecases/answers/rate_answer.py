"""Record a rating of an answer: it helped, it didn't, and why not."""

from dataclasses import dataclass, replace

from state.model.chat import ChatId
from state.model.question import Fault, Question, QuestionId
from state.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """Record a rating; the first rating and the first reason count.

    None: the answer does not belong to this chat (any more).
    """

    unit: UnitOfWork

    async def __call__(
        self,
        chat_id: ChatId,
        question_id: QuestionId,
        *,
        helpful: bool,
        fault: Fault | None = None,
    ) -> Question | None:
        question = await self.unit.questions.get(question_id)
        if question is None or question.chat_id != chat_id:
            return None
        rated = question
        if question.helpful is None:
            rated = replace(question, helpful=helpful, fault=fault)
        elif question.helpful is helpful and question.fault is None:
            rated = replace(question, fault=fault)
        if rated != question:
            await self.unit.questions.save(rated)
        return rated
