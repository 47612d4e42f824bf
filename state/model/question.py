"""A question asked in a chat, its outcome, and the person's feedback on the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.chat import ChatId

QuestionId = NewType("QuestionId", int)


def answer_matter(question_id: QuestionId) -> str:
    """Matter (key within the chat) of the living message that shows the answer."""
    return f"answer:{question_id}"


def feedback_matter(question_id: QuestionId) -> str:
    """Matter (key within the chat) of the living message that asks why an answer didn't help."""
    return f"feedback:{question_id}"


class Outcome(StrEnum):
    """How a question was answered, if at all."""

    FOUND = "found"
    UNSURE = "unsure"
    """Several titles were offered; `slug` is set once one of them is opened."""
    NOTHING = "nothing"
    OPENED = "opened"
    """Not a question: an article opened by a button."""


class Fault(StrEnum):
    """What was wrong with an answer, by the reader's choice."""

    NOT_MEANT = "not_meant"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    NO_USE = "no_use"


class Sequel(StrEnum):
    """The first of these events within a day after the question."""

    STEP = "step"
    """The person completed a step."""
    PERSON = "person"
    """The person was handed over to staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNote:
    """The outcome of one of the questions in a message, as recorded."""

    words: str
    outcome: Outcome
    slug: str | None = None
    runner_up: str | None = None
    """Slug of the second-best article, offered if the first one does not help."""
    score: float = 0.0
    """Score of the best article, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and its outcome. Its chat is stored for a few days only, then removed."""

    id: QuestionId
    chat_id: ChatId | None
    message_id: int | None
    """Bot API `message_id` of the question; None for an opened article."""
    place: int
    """Position within that message, from 0."""
    language: str
    words: str | None
    """Redacted text (no numbers, no addresses); removed later unless the answer failed."""
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
    """Unanswered questions of the same wording, aggregated without any reference to people."""

    key: str
    """Hash of language and wording, ignoring case, spaces and punctuation."""
    language: str
    words: str
    """The first wording seen, redacted (no numbers, no addresses)."""
    how: Mapping[str, int]
    """Kind of failure → number of questions."""
    first_at: datetime
    last_at: datetime

    @property
    def count(self) -> int:
        return sum(self.how.values())
