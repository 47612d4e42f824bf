"""What is to happen outside, as rows of the outbox, and what came in, as rows of the inbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, get_args

from state.model.account import FreelancerId, StepId
from state.model.alarm import Alarm
from state.model.channel import Channel
from state.model.chat import ChatId
from state.model.staff import StaffId
from state.model.ticket import TalkId, TicketId
from state.model.verification import SessionId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One stored update. `lane` keeps order: rows of a lane are handled one after another."""

    update_id: int
    lane: str
    payload: str
    """The update's JSON, dropped when it is done."""
    received_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReply:
    """A message, rendered in the turn."""

    chat_id: ChatId
    text: str
    """Telegram HTML, at most 4,096 characters as shown."""
    keyboard: Mapping[str, object] | None = None
    """Bot API `reply_markup`."""
    matter: str | None = None
    """A living message: one a chat and matter, edited in place."""
    edit: bool = False
    """Edit the living message if it can be; else send it anew and let it take over."""
    effect: str | None = None
    """Bot API `message_effect_id`."""
    reply_to: int | None = None
    """Bot API `message_id` of the message that is answered."""
    thread_id: int | None = None
    """Bot API `message_thread_id`: the topic of a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCall:
    """The living message of a call, rendered at delivery: the code is in no row."""

    session_id: SessionId
    fresh: bool = False
    """Send it as a new message (the call was just asked for)."""
    chat_id: ChatId | None = None
    """A chat that is no longer the freelancer's, so that the code leaves it too."""


class PullTrouble(StrEnum):
    NOT_FOUND = "not_found"
    """The marketplace knows no such account."""
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProgress:
    """Edit the living progress message and tell once what was opened, if anything was."""

    freelancer_id: FreelancerId
    opened: tuple[str, ...] = ()
    """Step ids that were completed by what happened."""
    trouble: PullTrouble | None = None
    """Why the reading that the person waits for did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialNumber:
    """Place the call of a session, at most once."""

    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End a call, or take a message back, on the provider's side."""

    session_id: SessionId
    sid: str | None = None
    """The provider's id of it, if the session is no longer there to tell."""
    channel: Channel = Channel.CALL


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCall:
    """When due: a call that is still being placed has failed, a code that ran out has expired."""

    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindUnlocked:
    """When due, and if it still makes sense: the lock is over, a call can be had again."""

    freelancer_id: FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOperator:
    what: Alarm
    about: str = ""
    """Whom or what it is about; no number, no code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOwner:
    """Somebody else has just proved to hold the number that is verified on this account."""

    freelancer_id: FreelancerId
    number: str
    """Masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """When due, and if it still makes sense: tell what is left to do."""

    chat_id: ChatId
    planned_for: str
    """The chat's `nudge_at` in ISO form; another one there means that this row is out of date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendExport:
    """A file with all that is known of somebody, read and written at delivery."""

    chat_id: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellErased:
    chat_id: ChatId
    language: str | None = None
    """As the person had chosen; what else could tell is erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTraces:
    """What the queues still know of an erased person, once they were told; then the free space.

    With neither id, the free space alone.
    """

    chat_id: ChatId | None = None
    freelancer_id: FreelancerId | None = None


class EventKind(StrEnum):
    """What the marketplace is told of."""

    LINKED = "freelancer.linked"
    UNLINKED = "freelancer.unlinked"
    PHONE_VERIFIED = "phone.verified"
    STEP_COMPLETED = "step.completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellMarketplace:
    """An event, posted until the marketplace has taken it."""

    event: EventKind
    freelancer_id: FreelancerId
    step: StepId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullAccount:
    """Ask the marketplace for a new reading, and show in the chat what came of it."""

    freelancer_id: FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOld:
    """Let go of what is kept for some time only, and do so again a day later."""


Task: TypeAlias = (
    SendReply
    | ShowCall
    | ShowProgress
    | DialNumber
    | HangUp
    | CheckCall
    | RemindUnlocked
    | AlertOperator
    | TellOwner
    | Nudge
    | SendExport
    | TellErased
    | EraseTraces
    | TellMarketplace
    | PullAccount
    | TalkTask
    | SweepOld
)


class Queue(StrEnum):
    """Each has workers of its own, so that a slow other side holds up nothing else."""

    CHATS = "chats"
    PULLS = "pulls"
    EVENTS = "events"
    GROUP = "group"
    """What goes into the staff group, which takes few messages a minute."""


_QUEUES: Mapping[type[Task], Queue] = {
    TellMarketplace: Queue.EVENTS,
    PullAccount: Queue.PULLS,
    **dict.fromkeys(get_args(GroupTask), Queue.GROUP),
}


def queue_of(task: Task) -> Queue:
    if isinstance(task, CarryEdit) and task.to == Side.CALLER:
        return Queue.CHATS
    return _QUEUES.get(type(task), Queue.CHATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A task as stored. Rows of a lane are delivered in the order of their ids, once due."""

    id: int
    lane: str
    key: str
    """Idempotency: a second row with the same key is not added."""
    task: Task
    due_at: datetime
    tries: int = 0
    heard_now: bool = False  # it answers what its chat has just said: that hadn't blocked us


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """What a turn says, before it has its place in the outbox."""

    lane: str
    key: str
    task: SendReply
    due_at: datetime
