"""A question of a chat, what it got, and what the person said to that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.chat import ChatId

QuestionId = NewType("QuestionId", int)


def answer_matter(question_id: QuestionId) -> str:
    """Of the living message that shows the answer."""
    return f"answer:{question_id}"


def feedback_matter(question_id: QuestionId) -> str:
    """Of the living message that asks what was wrong with it."""
    return f"feedback:{question_id}"


class Outcome(StrEnum):
    FOUND = "found"
    UNSURE = "unsure"
    """Titles were offered; once one of them is opened, it is in `slug`."""
    NOTHING = "nothing"
    OPENED = "opened"
    """No question: the article was opened by a button."""


class Fault(StrEnum):
    """What was wrong with an answer that didn't help."""

    NOT_MEANT = "not_meant"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    NO_USE = "no_use"


class Sequel(StrEnum):
    """What came first within a day of the question, if anything."""

    STEP = "step"
    """The person did a step."""
    PERSON = "person"
    """They were handed over to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNote:
    """What one question of a message got."""

    words: str
    outcome: Outcome
    slug: str | None = None
    runner_up: str | None = None
    """The next best article, for whom the first one doesn't help."""
    score: float = 0.0
    """The best article's, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Belongs to a chat for a few days; after that nobody can tell whose it was."""

    id: QuestionId
    chat_id: ChatId | None
    message_id: int | None
    """Bot API `message_id` of the person's message; an opened article has none."""
    place: int
    """Its number within that message, from 0."""
    language: str
    words: str | None
    """Without numbers and addresses; in the end kept only where the answer failed."""
    outcome: Outcome
    slug: str | None
    runner_up: str | None
    score: float
    asked_at: datetime
    helpful: bool | None = None
    fault: Fault | None = None
    led_to: Sequel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedGroup:
    """The same question, asked in vain by people of whom nothing else is kept."""

    key: str
    """Of language and words, whatever their case, spaces and punctuation."""
    language: str
    words: str
    """As they were asked first; without numbers and addresses."""
    how: Mapping[str, int]
    """How often it failed in which way."""
    first_at: datetime
    last_at: datetime

    @property
    def count(self) -> int:
        return sum(self.how.values())
