"""Record the answers to a message's questions, for feedback, follow-ups and gaps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from state.model.chat import ChatId
from state.model.question import AnswerNote, Question, QuestionId
from state.ports import Clock, UnitOfWork
from state.rules.redaction import redact


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    ids: tuple[QuestionId, ...]
    """Ids of the questions, in order."""
    withdrawn: tuple[QuestionId, ...]
    """Questions of an earlier version of the message, which asked more; now deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnswers:
    """Record the questions of a message; an edited message overwrites its earlier records."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, chat_id: ChatId, message_id: int, language: str, notes: Sequence[AnswerNote]
    ) -> Noted:
        known = await self.unit.questions.of_message(chat_id, message_id)
        ids = [
            await self._note(self._question(chat_id, message_id, language, place, one), known)
            for place, one in enumerate(notes)
        ]
        surplus = tuple(one.id for one in known[len(notes) :])
        for question_id in surplus:
            await self.unit.questions.remove(question_id)
        return Noted(ids=tuple(ids), withdrawn=surplus)

    async def _note(self, question: Question, known: Sequence[Question]) -> QuestionId:
        if question.place >= len(known):
            return await self.unit.questions.add(question)
        kept = replace(question, id=known[question.place].id)
        await self.unit.questions.save(kept)
        return kept.id

    def _question(
        self, chat_id: ChatId, message_id: int, language: str, place: int, notes: AnswerNote
    ) -> Question:
        return Question(
            id=QuestionId(0),
            chat_id=chat_id,
            message_id=message_id,
            place=place,
            language=language,
            words=redact(notes.words),
            outcome=notes.outcome,
            slug=notes.slug,
            runner_up=notes.runner_up,
            score=notes.score,
            asked_at=self.clock.now(),
        )
