"""Repositories of questions and of groups of unanswered questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from state.model.chat import ChatId
from state.model.question import MissedGroup, Question, QuestionId, Sequel


class QuestionsReader(Protocol):
    async def get(self, question_id: QuestionId) -> Question | None: ...

    async def of_message(self, chat_id: ChatId, message_id: int) -> Sequence[Question]:
        """The questions of one message, in order of their positions."""
        ...

    async def last(self, chat_id: ChatId) -> Question | None:
        """The newest question of a chat."""
        ...

    async def last_shown(self, chat_id: ChatId, *, besides: int) -> Question | None:
        """The newest question answered with an article, ignoring the message `besides`."""
        ...

    async def of_chat(self, chat_id: ChatId) -> Sequence[Question]:
        """All questions of a chat, oldest first."""
        ...

    async def gaps(self, since: datetime, *, limit: int) -> Sequence[Question]:
        """Unanswered questions with text: no article, no choice, or an answer that didn't help.

        The newest `limit` of them, oldest first.
        """
        ...


class Questions(QuestionsReader, Protocol):
    async def add(self, question: Question) -> QuestionId:
        """Add a question and return its new id; the id in the value is ignored."""
        ...

    async def save(self, question: Question) -> None: ...

    async def remove(self, question_id: QuestionId) -> None: ...

    async def erase(self, chat_id: ChatId) -> None: ...

    async def disown_chat(self, chat_id: ChatId) -> Sequence[Question]:
        """Do as `disown` for every question of a chat."""
        ...

    async def disown(self, before: datetime, *, limit: int) -> Sequence[Question]:
        """Remove the chat from the oldest questions, and the text of those answered well.

        Returns them as they were before.
        """
        ...

    async def record_sequel(self, chat_id: ChatId, sequel: Sequel, since: datetime) -> None:
        """Record a sequel for the chat's questions since then that have none yet."""
        ...

    async def pop_old(self, before: datetime, *, limit: int) -> Sequence[Question]:
        """Delete and return the oldest questions that no longer have a chat."""
        ...


class MissedGroupsReader(Protocol):
    """Groups of unanswered questions, which outlive the questions themselves."""

    async def find(self, keys: Collection[str]) -> Mapping[str, MissedGroup]: ...

    async def since(self, moment: datetime, *, limit: int) -> Sequence[MissedGroup]:
        """Groups with a question since then, the largest first."""
        ...


class MissedGroups(MissedGroupsReader, Protocol):
    async def put(self, groups: Iterable[MissedGroup]) -> None:
        """Insert the groups, replacing those with the same keys."""
        ...

    async def keep_largest(self, number: int) -> None:
        """Delete all but the `number` largest groups; of equal ones the most recent stay."""
        ...
