"""Records of what was asked, and of how well it was answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from state.model.chat import ChatId
from state.model.question import MissedGroup, Question, QuestionId, Sequel


class QuestionsReader(Protocol):
    async def get(self, question_id: QuestionId) -> Question | None: ...

    async def of_message(self, chat_id: ChatId, message_id: int) -> Sequence[Question]:
        """In the order of their places."""
        ...

    async def last(self, chat_id: ChatId) -> Question | None:
        """The newest of the chat."""
        ...

    async def last_shown(self, chat_id: ChatId, *, besides: int) -> Question | None:
        """The newest that an article was shown for, other than by the message `besides`."""
        ...

    async def of_chat(self, chat_id: ChatId) -> Sequence[Question]:
        """In the order in which they were asked."""
        ...

    async def gaps(self, since: datetime, *, limit: int) -> Sequence[Question]:
        """Those with words that got nothing, no choice taken, or an answer that didn't help.

        The newest `limit` of them, in the order in which they were asked.
        """
        ...


class Questions(QuestionsReader, Protocol):
    async def add(self, question: Question) -> QuestionId:
        """As a new record; the id it brings is not used."""
        ...

    async def save(self, question: Question) -> None: ...

    async def remove(self, question_id: QuestionId) -> None: ...

    async def erase(self, chat_id: ChatId) -> None: ...

    async def leave(self, chat_id: ChatId) -> Sequence[Question]:
        """As `disown`, all those of a chat."""
        ...

    async def disown(self, before: datetime, *, limit: int) -> Sequence[Question]:
        """Forget whose the oldest were, and the words of those that were answered.

        Gives them as they were before.
        """
        ...

    async def led_to(self, chat_id: ChatId, what: Sequel, since: datetime) -> None:
        """Of the questions since then for which nothing is recorded yet."""
        ...

    async def take_old(self, before: datetime, *, limit: int) -> Sequence[Question]:
        """Remove the oldest of those that are nobody's any more, and give them."""
        ...


class MissedGroupsReader(Protocol):
    """What was asked in vain, in groups that are kept when the questions are gone."""

    async def find(self, keys: Collection[str]) -> Mapping[str, MissedGroup]: ...

    async def since(self, moment: datetime, *, limit: int) -> Sequence[MissedGroup]:
        """Those asked since then, the largest first."""
        ...


class MissedGroups(MissedGroupsReader, Protocol):
    async def put(self, groups: Iterable[MissedGroup]) -> None:
        """In place of those with the same keys."""
        ...

    async def keep(self, number: int) -> None:
        """Only the largest; of equal ones those that were asked last."""
        ...
