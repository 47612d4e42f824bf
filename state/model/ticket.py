"""A talk with a person: one ticket from the hand-over to its end, and what is said in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.question import Fault, Outcome
from state.model.staff import StaffId

TicketId = NewType("TicketId", int)
TalkId = NewType("TalkId", int)
"""Of one message in a talk."""


class HandOver(StrEnum):
    """Why a person is needed."""

    ASKED = "asked"
    NO_ARTICLE = "no_article"
    UNCLEAR = "unclear"
    """Several articles, or one that didn't help."""
    POLICY = "policy"
    """The rules stand in the way, and a person may see further."""
    TOOL_FAILURE = "tool_failure"
    """A call failed, or something of ours did."""
    LOCKED_OUT = "locked_out"
    OTHER = "other"


class Resolution(StrEnum):
    """How a talk came to its end."""

    BY_STAFF = "by_staff"
    BACK_TO_BOT = "back_to_bot"
    """The freelancer went back to the bot, or the chat was parted from its account."""
    BANNED = "banned"


@dataclass(frozen=True, slots=True)
class Waiting:
    """For a person to take it."""


@dataclass(frozen=True, slots=True)
class Taken:
    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    at: datetime
    how: Resolution
    by: StaffId | None = None
    """None: the freelancer."""


TicketState: TypeAlias = Waiting | Taken | Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question before the hand-over and what the bot had for it, kept with the ticket."""

    words: str | None
    outcome: Outcome
    slug: str | None
    score: float
    at: datetime
    helpful: bool | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Saved with a version check. A chat has one at a time that is not closed."""

    id: TicketId
    chat_id: ChatId
    freelancer_id: FreelancerId | None
    """Whose chat it was when it was opened; or the first that it was linked to during the talk."""
    caller: str
    """What the person calls themselves in Telegram."""
    language: str
    reason: HandOver
    asked: tuple[Asked, ...]
    """The newest last."""
    opened_at: datetime
    waiting_since: datetime
    """Opened, opened again or let go of."""
    state: TicketState = Waiting()
    first_reply_at: datetime | None = None
    reopened: int = 0
    """How often the freelancer came back within the time that counts as the same matter."""
    solved: bool | None = None
    """What the freelancer said of it, when asked at the end."""
    taken_from: StaffId | None = None
    """From whom the holder took it over; None once the holder has answered."""
    passing_told: bool = False
    """Whether they were told, since it waits, that what they write goes to a person."""
    version: int = 0


class Author(StrEnum):
    FREELANCER = "freelancer"
    STAFF = "staff"


class Content(StrEnum):
    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO_NOTE = "video_note"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkMessage:
    """One message of a talk, with its place on both sides."""

    id: TalkId
    ticket_id: TicketId
    chat_id: ChatId
    """The freelancer's."""
    author: Author
    staff_id: StaffId | None = None
    """Who of the staff; None for the freelancer."""
    content: Content = Content.TEXT
    text: str = ""
    """Plain words, or the caption."""
    file_id: str | None = None
    """Telegram's, for who wants to look at it elsewhere."""
    file_key: str | None = None
    """Telegram's `file_unique_id`: the same for the same file."""
    file_name: str | None = None
    album: str | None = None
    """Telegram's `media_group_id`: messages that belong together."""
    reply_to: TalkId | None = None
    in_chat: int | None = None
    """Bot API `message_id` in the freelancer's chat; None until it has come there."""
    in_group: int | None = None
    """The same in the staff group; None where there is none (yet)."""
    at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody has just said, on their own side of a talk."""

    content: Content = Content.TEXT
    text: str = ""
    file_id: str | None = None
    file_key: str | None = None
    file_name: str | None = None
    album: str | None = None
    message_id: int | None = None
    """Bot API `message_id`, where it was said; None in a browser."""
    reply_to: int | None = None
    """Bot API `message_id` of what it replies to."""
    html: str = ""
    """The words once more, with their formatting; kept only until they are delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNote:
    """For staff alone."""

    ticket_id: TicketId
    by: StaffId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A chat's place in the staff group."""

    chat_id: ChatId
    thread_id: int
    """Bot API `message_thread_id`."""
    closed: bool = False
