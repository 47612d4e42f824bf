"""In-memory questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from state.model.chat import ChatId
from state.model.question import MissedGroup, Question, QuestionId, Sequel
from state.rules.gaps import is_gap
from tests.memory.tables import Tables


@dataclass(frozen=True, slots=True)
class MemoryQuestions:
    tables: Tables

    async def add(self, question: Question) -> QuestionId:
        given = (*self.tables.questions, *self.tables.removed_questions)
        number = QuestionId(max(given, default=0) + 1)
        self.tables.questions[number] = replace(question, id=number)
        return number

    async def get(self, question_id: QuestionId) -> Question | None:
        return self.tables.questions.get(question_id)

    async def of_message(self, chat_id: ChatId, message_id: int) -> Sequence[Question]:
        mine = [one for one in self._of(chat_id) if one.message_id == message_id]
        return sorted(mine, key=lambda one: one.place)

    async def last(self, chat_id: ChatId) -> Question | None:
        return max(self._of(chat_id), key=lambda one: one.id, default=None)

    async def last_shown(self, chat_id: ChatId, *, besides: int) -> Question | None:
        shown = [one for one in self._of(chat_id) if one.slug and one.message_id != besides]
        return max(shown, key=lambda one: one.id, default=None)

    async def save(self, question: Question) -> None:
        self.tables.questions[question.id] = question

    async def remove(self, question_id: QuestionId) -> None:
        removed = self.tables.questions.pop(question_id, None)
        if removed is not None:
            self.tables.removed_questions[question_id] = removed

    async def of_chat(self, chat_id: ChatId) -> Sequence[Question]:
        return sorted(self._of(chat_id), key=lambda one: one.id)

    async def erase(self, chat_id: ChatId) -> None:
        for one in self._of(chat_id):
            await self.remove(one.id)

    async def disown(self, before: datetime, *, limit: int) -> Sequence[Question]:
        owned = [
            one
            for one in self.tables.questions.values()
            if one.chat_id is not None and one.asked_at < before
        ]
        return self._disown(sorted(owned, key=lambda one: one.asked_at)[:limit])

    async def disown_chat(self, chat_id: ChatId) -> Sequence[Question]:
        return self._disown(await self.of_chat(chat_id))

    def _disown(self, owned: Sequence[Question]) -> Sequence[Question]:
        for one in owned:
            words = one.words if is_gap(one) else None
            self.tables.questions[one.id] = replace(
                one, chat_id=None, message_id=None, words=words
            )
        return owned

    async def record_sequel(self, chat_id: ChatId, sequel: Sequel, since: datetime) -> None:
        for one in self._of(chat_id):
            if one.asked_at >= since and one.led_to is None:
                self.tables.questions[one.id] = replace(one, led_to=sequel)

    async def gaps(self, since: datetime, *, limit: int) -> Sequence[Question]:
        failed = [
            one
            for _, one in sorted(self.tables.questions.items())
            if one.asked_at >= since and one.words is not None and is_gap(one)
        ]
        return failed[-limit:]

    async def pop_old(self, before: datetime, *, limit: int) -> Sequence[Question]:
        questions = self.tables.questions
        old = [one for one in questions.values() if one.chat_id is None and one.asked_at < before]
        oldest = sorted(old, key=lambda one: one.asked_at)[:limit]
        for one in oldest:
            await self.remove(one.id)
        return oldest

    def _of(self, chat_id: ChatId) -> list[Question]:
        return [one for one in self.tables.questions.values() if one.chat_id == chat_id]


@dataclass(frozen=True, slots=True)
class MemoryMissedGroups:
    tables: Tables

    async def find(self, keys: Collection[str]) -> Mapping[str, MissedGroup]:
        return {key: self.tables.missed[key] for key in keys if key in self.tables.missed}

    async def put(self, groups: Iterable[MissedGroup]) -> None:
        self.tables.missed.update({one.key: one for one in groups})

    async def since(self, moment: datetime, *, limit: int) -> Sequence[MissedGroup]:
        return [one for one in self._largest_first() if one.last_at >= moment][:limit]

    async def keep_largest(self, number: int) -> None:
        for one in self._largest_first()[number:]:
            del self.tables.missed[one.key]

    def _largest_first(self) -> list[MissedGroup]:
        by_key = sorted(self.tables.missed.values(), key=lambda one: one.key)
        return sorted(by_key, key=lambda one: (one.count, one.last_at), reverse=True)
