"""What a talk with a person asks for outside: words carried over, and news for both sides."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from state.model.chat import ChatId
from state.model.staff import StaffId
from state.model.ticket import TalkId, TicketId


class CallerNews(StrEnum):
    """What the freelancer hears of their talk."""

    TAKEN = "taken"
    RELEASED = "released"
    CLOSED = "closed"
    BANNED = "banned"
    UNBANNED = "unbanned"
    PARTED = "parted"
    """The chat has another account now, or none."""


class GroupNews(StrEnum):
    """What stands in the topic, whoever did it and wherever."""

    REOPENED = "reopened"
    TAKEN = "taken"
    TAKEN_OVER = "taken_over"
    """From somebody else, who is told by it."""
    RELEASED = "released"
    CLOSED = "closed"
    LEFT = "left"
    """The freelancer went back to the bot."""
    PARTED = "parted"
    """The chat has another account now, or none, so this talk is over."""
    NOTED = "noted"
    BANNED = "banned"
    UNBANNED = "unbanned"
    BLOCKED = "blocked"
    """The freelancer blocked the bot: a reply did not arrive."""
    LOST = "lost"
    """A message could not be carried over."""
    DELETED = "deleted"
    NOT_DELETED = "not_deleted"
    NOT_EDITED = "not_edited"
    """Telegram lets a message be changed for two days only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPacket:
    """What a person has to know of a ticket, in its topic; edited in place when it changes."""

    ticket_id: TicketId
    anew: bool = False
    """As a new message: the ticket was just opened, or opened again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryToGroup:
    """A message of a talk, or the album it begins, into the chat's topic."""

    talk_id: TalkId


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryToCaller:
    """The same from staff into the freelancer's chat."""

    talk_id: TalkId
    html: str = ""
    """What is to be written in the place of a copy: an article, with its formatting."""


class Side(StrEnum):
    GROUP = "group"
    CALLER = "caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryEdit:
    """A message was edited on one side; `to` is the other."""

    talk_id: TalkId
    to: Side
    html: str
    """What it says now, in Telegram HTML."""
    new_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryDeletion:
    """Take back what staff said."""

    talk_id: TalkId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCaller:
    ticket_id: TicketId
    news: CallerNews


@dataclass(frozen=True, slots=True, kw_only=True)
class TellGroup:
    ticket_id: TicketId
    news: GroupNews
    by: StaffId | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTopic:
    """Cosmetic: given up as soon as Telegram has other things to do."""

    chat_id: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTopic:
    """With everything in it: the person was erased."""

    thread_id: int


GroupTask: TypeAlias = ShowPacket | TellGroup | CarryToGroup | CarryEdit | CloseTopic | DropTopic
"""Into the staff group; an edit may as well go the other way."""
TalkTask: TypeAlias = GroupTask | CarryToCaller | CarryDeletion | TellCaller
