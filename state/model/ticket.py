"""Tickets: a conversation with staff from hand-over to close, with its messages and notes."""

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
"""Id of one message of a ticket."""


class HandOver(StrEnum):
    """Why a conversation was handed over to staff."""

    ASKED = "asked"
    NO_ARTICLE = "no_article"
    UNCLEAR = "unclear"
    """Several articles matched, or the article shown did not help."""
    POLICY = "policy"
    """The rules refuse what the person wants; staff may decide otherwise."""
    TOOL_FAILURE = "tool_failure"
    """A call or another part of the system failed."""
    LOCKED_OUT = "locked_out"
    OTHER = "other"


class Resolution(StrEnum):
    """How a ticket was closed."""

    BY_STAFF = "by_staff"
    BACK_TO_BOT = "back_to_bot"
    """The freelancer returned to the bot, or the chat was unlinked from its account."""
    BANNED = "banned"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Ticket state: open, held by no member of staff."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Ticket state: open, held by a member of staff."""

    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Ticket state: closed."""

    at: datetime
    how: Resolution
    by: StaffId | None = None
    """None: closed by the freelancer."""


TicketState: TypeAlias = Waiting | Taken | Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question asked before the hand-over, and its outcome, copied into the ticket."""

    words: str | None
    outcome: Outcome
    slug: str | None
    score: float
    at: datetime
    helpful: bool | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A conversation with staff. Saved with a version check; a chat has at most one open."""

    id: TicketId
    chat_id: ChatId
    freelancer_id: FreelancerId | None
    """The account linked when the ticket was opened, or the first one linked while it was open."""
    caller: str
    """The person's name in Telegram."""
    language: str
    reason: HandOver
    asked: tuple[Asked, ...]
    """Oldest first."""
    opened_at: datetime
    waiting_since: datetime
    """When the ticket was last opened, reopened or released."""
    state: TicketState = Waiting()
    first_reply_at: datetime | None = None
    reopened: int = 0
    """How often the freelancer came back within `SAME_MATTER` of the close."""
    solved: bool | None = None
    """The freelancer's answer when asked at the close; None: no answer."""
    taken_from: StaffId | None = None
    """The previous holder, from whom it was taken over; None once the new holder has replied."""
    passing_told: bool = False
    """Whether the freelancer was told, since it last waited, that messages are passed to staff."""
    version: int = 0


class Author(StrEnum):
    FREELANCER = "freelancer"
    STAFF = "staff"


class Content(StrEnum):
    """Kinds of message content that a ticket distinguishes."""

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
    """One message of a ticket, with its ids in the freelancer's chat and in the staff group."""

    id: TalkId
    ticket_id: TicketId
    chat_id: ChatId
    """The freelancer's chat."""
    author: Author
    staff_id: StaffId | None = None
    """The member of staff who wrote it; None for the freelancer."""
    content: Content = Content.TEXT
    text: str = ""
    """Plain text, or the caption of a file."""
    file_id: str | None = None
    """Bot API `file_id`, for showing the file on the staff pages."""
    file_key: str | None = None
    """Bot API `file_unique_id`: the same for the same file."""
    file_name: str | None = None
    album: str | None = None
    """Bot API `media_group_id`, shared by the messages of an album."""
    reply_to: TalkId | None = None
    in_chat: int | None = None
    """Bot API `message_id` in the freelancer's chat; None until it is delivered there."""
    in_group: int | None = None
    """Bot API `message_id` in the staff group; None until it is delivered there."""
    at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """A new message for a ticket, as received from one side and not yet stored."""

    content: Content = Content.TEXT
    text: str = ""
    file_id: str | None = None
    file_key: str | None = None
    file_name: str | None = None
    album: str | None = None
    message_id: int | None = None
    """Bot API `message_id` where it was received; None from a browser."""
    reply_to: int | None = None
    """Bot API `message_id` of the message it replies to."""
    html: str = ""
    """The text in Telegram HTML; stored only until it is delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNote:
    """A note on a ticket, visible to staff only."""

    ticket_id: TicketId
    by: StaffId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The forum topic of a chat in the staff group."""

    chat_id: ChatId
    thread_id: int
    """Bot API `message_thread_id`."""
    closed: bool = False
