"""Button payloads, one class per family, packed into the 64 bytes Telegram allows."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

from state.model.question import QuestionId
from state.model.ticket import HandOver, TicketId

LIMIT = 64
"""Bytes of Bot API `callback_data`."""
FROM_INLINE = "ask"
"""What `/start` brings from an inline question: no link, only a person who wants to talk."""


def _number(text: str) -> int:
    fits = text.isdecimal() and len(text) < len(str(2**63))
    return int(text) if fits else 0


@dataclass(frozen=True, slots=True)
class Payload:
    """Base of all families: `family:field:field`, every field a string."""

    family: ClassVar[str]

    def pack(self) -> str:
        """The `callback_data`; ValueError if Telegram would refuse it."""
        names: tuple[str, ...] = self.__match_args__
        packed = ":".join((self.family, *(getattr(self, name) for name in names)))
        if len(packed.encode()) > LIMIT:
            raise ValueError(f"button payload is over {LIMIT} bytes: {packed}")
        return packed

    @classmethod
    def unpack(cls, data: str) -> Self | None:
        """The payload, or None if `data` is of another family or an older shape."""
        family, *values = data.split(":")
        if family != cls.family or len(values) != len(fields(cls)):
            return None
        return cls(*values)


@dataclass(frozen=True, slots=True)
class ShowArticle(Payload):
    family: ClassVar[str] = "a"
    slug: str


@dataclass(frozen=True, slots=True)
class Rate(Payload):
    """`record` is the number of a question; `verdict` is yes, no, or one of the faults."""

    family: ClassVar[str] = "f"
    record: str
    verdict: str

    @property
    def question_id(self) -> QuestionId:
        """0, which no question has, if this is no number that we gave out."""
        return QuestionId(_number(self.record))


@dataclass(frozen=True, slots=True)
class ShowTopic(Payload):
    """`topic` is the place of a category in the library's order; empty lists the topics."""

    family: ClassVar[str] = "t"
    topic: str = ""


@dataclass(frozen=True, slots=True)
class OpenProgress(Payload):
    """`how` is `show` for a new message, `refresh` to edit, `why` for the sum explained."""

    family: ClassVar[str] = "p"
    how: str = "show"


@dataclass(frozen=True, slots=True)
class ConfirmLink(Payload):
    """`secret` is the token or code that this very chat brought; `answer` is yes or no."""

    family: ClassVar[str] = "l"
    answer: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Verify(Payload):
    """`act`: start, call, message, edit, cancel, quiet."""

    family: ClassVar[str] = "v"
    act: str


@dataclass(frozen=True, slots=True)
class Suppose(Payload):
    """What if: `steps` by their places in the policy as letters, `plan` by its own; "" is none.

    `how` is `show` for a new message, `edit` for the same.
    """

    family: ClassVar[str] = "w"
    how: str = "show"
    steps: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Nudging(Payload):
    """`act`: show, on, off, stop."""

    family: ClassVar[str] = "n"
    act: str = "show"


@dataclass(frozen=True, slots=True)
class Theirs(Payload):
    """One's own data. `act`: export, ask, keep, erase; `asked_at` in seconds since 1970."""

    family: ClassVar[str] = "d"
    act: str
    asked_at: str = ""


@dataclass(frozen=True, slots=True)
class AskForPerson(Payload):
    """The way to a person; `why` is one of the reasons for a hand-over."""

    family: ClassVar[str] = "h"
    why: str = HandOver.ASKED.value

    @classmethod
    def unpack(cls, data: str) -> "AskForPerson | None":
        """Buttons of earlier versions gave no reason."""
        family, _, why = data.partition(":")
        return cls(why or HandOver.ASKED.value) if family == cls.family else None

    @property
    def reason(self) -> HandOver:
        return HandOver(self.why) if self.why in set(HandOver) else HandOver.OTHER


@dataclass(frozen=True, slots=True)
class Talking(Payload):
    """A talk with a person. `act`: back, solved, unsolved."""

    family: ClassVar[str] = "k"
    act: str
    ticket: str = ""

    @property
    def ticket_id(self) -> TicketId:
        """0, which no ticket has, if this is no number that we gave out."""
        return TicketId(_number(self.ticket))
