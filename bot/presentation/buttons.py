"""Button payloads: one class per family, packed into the 64 bytes of `callback_data`."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

from knowledge.model import Job
from state.model.question import QuestionId
from state.model.ticket import HandOver, TicketId

LIMIT = 64
"""Maximum length of Bot API `callback_data`, bytes."""
FROM_INLINE = "ask"
"""Argument of /start from inline mode's "ask privately" button; it holds no link token."""


def _number(text: str) -> int:
    fits = text.isdecimal() and len(text) < len(str(2**63))
    return int(text) if fits else 0


@dataclass(frozen=True, slots=True)
class Payload:
    """Base class of payloads, packed as `family:field:field`; every field is a string."""

    family: ClassVar[str]

    def pack(self) -> str:
        """The `callback_data`; ValueError if it is longer than `LIMIT`."""
        names: tuple[str, ...] = self.__match_args__
        packed = ":".join((self.family, *(getattr(self, name) for name in names)))
        if len(packed.encode()) > LIMIT:
            raise ValueError(f"button payload is over {LIMIT} bytes: {packed}")
        return packed

    @classmethod
    def unpack(cls, data: str) -> Self | None:
        """Parse `callback_data`; None if it is of another family or an older version's form."""
        family, *values = data.split(":")
        if family != cls.family or len(values) != len(fields(cls)):
            return None
        return cls(*values)


@dataclass(frozen=True, slots=True)
class ShowArticle(Payload):
    """Show the article with this slug."""

    family: ClassVar[str] = "a"
    slug: str


@dataclass(frozen=True, slots=True)
class Rate(Payload):
    """Rate an answer: `record` is its question id; `verdict` is yes, no, or a kind of fault."""

    family: ClassVar[str] = "f"
    record: str
    verdict: str

    @property
    def question_id(self) -> QuestionId:
        """The question id; 0, which no question has, if `record` is not a valid number."""
        return QuestionId(_number(self.record))


@dataclass(frozen=True, slots=True)
class ArticleMenu(Payload):
    """Show where else to go from an answer: `record` is its question id."""

    family: ClassVar[str] = "m"
    record: str

    @property
    def question_id(self) -> QuestionId:
        """The question id; 0, which no question has, if `record` is not a valid number."""
        return QuestionId(_number(self.record))


@dataclass(frozen=True, slots=True)
class ShowTopic(Payload):
    """Show a topic: `topic` is its index in the library's order; empty lists all topics."""

    family: ClassVar[str] = "t"
    topic: str = ""


@dataclass(frozen=True, slots=True)
class OpenProgress(Payload):
    """Show progress. `how`: `show` (new message), `refresh` (edit), `why` (explain the sum)."""

    family: ClassVar[str] = "p"
    how: str = "show"


@dataclass(frozen=True, slots=True)
class ConfirmLink(Payload):
    """Confirm linking: `secret` is the token or code this chat sent; `answer` is yes or no."""

    family: ClassVar[str] = "l"
    answer: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Verify(Payload):
    """Phone verification. `act`: start, call, message, edit, cancel, quiet."""

    family: ClassVar[str] = "v"
    act: str


@dataclass(frozen=True, slots=True)
class WhatIfButton(Payload):
    """A "what if" question about progress.

    `steps`: supposed steps, as letters by their index in the policy; `plan`: supposed plan, as a
    letter; empty for none. `how`: `show` (new message) or `edit`.
    """

    family: ClassVar[str] = "w"
    how: str = "show"
    steps: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class ReminderButton(Payload):
    """Weekly reminders. `act`: show, on, off, stop."""

    family: ClassVar[str] = "n"
    act: str = "show"


@dataclass(frozen=True, slots=True)
class PersonalDataButton(Payload):
    """Personal data. `act`: export, ask, keep, erase; `asked_at`: seconds since 1970."""

    family: ClassVar[str] = "d"
    act: str
    asked_at: str = ""


@dataclass(frozen=True, slots=True)
class DoJob(Payload):
    """Do a job of the desk that has no button of its own, as if it had been asked for in words."""

    family: ClassVar[str] = "j"
    name: str

    @property
    def job(self) -> Job | None:
        """The job; None if an older or newer version named it."""
        return Job(self.name) if self.name in set(Job) else None


@dataclass(frozen=True, slots=True)
class AskForPerson(Payload):
    """Ask for a person; `why` is a `HandOver` reason."""

    family: ClassVar[str] = "h"
    why: str = HandOver.ASKED.value

    @classmethod
    def unpack(cls, data: str) -> "AskForPerson | None":
        """Parse `callback_data`; buttons of earlier versions have no reason."""
        family, _, why = data.partition(":")
        return cls(why or HandOver.ASKED.value) if family == cls.family else None

    @property
    def reason(self) -> HandOver:
        return HandOver(self.why) if self.why in set(HandOver) else HandOver.OTHER


@dataclass(frozen=True, slots=True)
class TalkButton(Payload):
    """A conversation with staff. `act`: back, solved, unsolved."""

    family: ClassVar[str] = "k"
    act: str
    ticket: str = ""

    @property
    def ticket_id(self) -> TicketId:
        """The ticket id; 0, which no ticket has, if `ticket` is not a valid number."""
        return TicketId(_number(self.ticket))
