"""Tasks of the outbox (effects to carry out after the commit) and rows of the inbox (updates)."""

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
    """News of a ticket sent to the freelancer."""

    TAKEN = "taken"
    RELEASED = "released"
    CLOSED = "closed"
    BANNED = "banned"
    UNBANNED = "unbanned"
    PARTED = "parted"
    """The chat was linked to another account, or unlinked."""
    LOST = "lost"
    """A message of theirs could not be delivered to staff."""


class GroupNews(StrEnum):
    """News of a ticket posted in its topic of the staff group."""

    REOPENED = "reopened"
    TAKEN = "taken"
    TAKEN_OVER = "taken_over"
    """Taken over from another member of staff, whom this notifies."""
    RELEASED = "released"
    CLOSED = "closed"
    LEFT = "left"
    """The freelancer returned to the bot."""
    PARTED = "parted"
    """The chat was linked to another account, or unlinked; the ticket is closed."""
    NOTED = "noted"
    BANNED = "banned"
    UNBANNED = "unbanned"
    BLOCKED = "blocked"
    """The freelancer blocked the bot: a reply was not delivered."""
    LOST = "lost"
    """A message could not be delivered to the other side."""
    DELETED = "deleted"
    NOT_DELETED = "not_deleted"
    NOT_EDITED = "not_edited"
    """Not edited: Telegram allows changes for two days only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPacket:
    """Show a ticket's summary for staff in its topic; edited in place when it changes."""

    ticket_id: TicketId
    anew: bool = False
    """Post it as a new message: the ticket was just opened or reopened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryToGroup:
    """Copy a message of a ticket, or the album that it starts, into the chat's topic."""

    talk_id: TalkId


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryToCaller:
    """Copy a message of staff, or the album that it starts, into the freelancer's chat."""

    talk_id: TalkId
    html: str = ""
    """Text to send instead of a copy (an article with its formatting); Telegram HTML."""


class Side(StrEnum):
    """The two sides of a ticket: the staff group, and the freelancer's chat."""

    GROUP = "group"
    CALLER = "caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryEdit:
    """Apply an edit of a message to its copy; `to` is the side of the copy."""

    talk_id: TalkId
    to: Side
    html: str
    """The new text, in Telegram HTML."""
    new_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryDeletion:
    """Delete the copy of a staff message from the freelancer's chat."""

    talk_id: TalkId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCaller:
    """Send news of a ticket to the freelancer."""

    ticket_id: TicketId
    news: CallerNews


@dataclass(frozen=True, slots=True, kw_only=True)
class TellGroup:
    """Post news of a ticket in its topic; `by`: the member of staff who acted."""

    ticket_id: TicketId
    news: GroupNews
    by: StaffId | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTopic:
    """Close a chat's topic. Cosmetic: given up at the first error, never retried."""

    chat_id: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTopic:
    """Delete a topic with all its messages: the person was erased."""

    thread_id: int


GroupTask: TypeAlias = ShowPacket | TellGroup | CarryToGroup | CarryEdit | CloseTopic | DropTopic
"""Tasks delivered to the staff group; CarryEdit also goes to the freelancer's chat."""
TalkTask: TypeAlias = GroupTask | CarryToCaller | CarryDeletion | TellCaller


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One stored update (inbox row). Rows with the same `lane` are handled one after another."""

    update_id: int
    lane: str
    payload: str
    """The update's JSON, removed once handled."""
    received_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReply:
    """Send a message that was rendered in the turn, or edit one in place."""

    chat_id: ChatId
    text: str
    """Telegram HTML, at most 4,096 characters as shown."""
    keyboard: Mapping[str, object] | None = None
    """Bot API `reply_markup`."""
    matter: str | None = None
    """Key of a living message: one per chat and matter, edited in place."""
    edit: bool = False
    """Edit the living message if possible; otherwise send a new one, which replaces it."""
    effect: str | None = None
    """Bot API `message_effect_id`."""
    reply_to: int | None = None
    """Bot API `message_id` of the message that is answered."""
    thread_id: int | None = None
    """Bot API `message_thread_id`: the topic of a group."""
    retires: int | None = None
    """Bot API `message_id` of a message that loses its buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCall:
    """Show the living message of a call, rendered at delivery so that no row holds the code."""

    session_id: SessionId
    fresh: bool = False
    """Send it as a new message (the call was just asked for)."""
    chat_id: ChatId | None = None
    """A chat that is no longer the freelancer's: the code is removed from it too."""


class PullTrouble(StrEnum):
    """Why a snapshot could not be read from the marketplace."""

    NOT_FOUND = "not_found"
    """The marketplace knows no such account."""
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProgress:
    """Edit the living progress message and announce completed steps once, if there are any."""

    freelancer_id: FreelancerId
    opened: tuple[str, ...] = ()
    """Ids of the steps just completed."""
    trouble: PullTrouble | None = None
    """Why the snapshot that the person waits for could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialNumber:
    """Place the call of a session, at most once."""

    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End a call, or revoke a code message, at the provider."""

    session_id: SessionId
    sid: str | None = None
    """The provider's id, for a session that is no longer stored."""
    channel: Channel = Channel.CALL


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCall:
    """When due: fail a call still being placed, or expire a code that ran out."""

    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindUnlocked:
    """When due, and if still true: tell the person that the lock is over and a call possible."""

    freelancer_id: FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOperator:
    """Send an alarm to the operators."""

    what: Alarm
    about: str = ""
    """What the alarm concerns; never a full number or a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOwner:
    """Tell the owner of a verified number that another person has just proved possession of it."""

    freelancer_id: FreelancerId
    number: str
    """Masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """When due, and if still wanted: remind a chat of its unfinished steps."""

    chat_id: ChatId
    planned_for: str
    """The chat's `nudge_at` in ISO form; if the chat's differs now, this task is outdated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendExport:
    """Send a file with all data stored about a person, read and written at delivery."""

    chat_id: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellErased:
    """Confirm an erasure in the person's chat."""

    chat_id: ChatId
    language: str | None = None
    """The language the person had chosen, as the chat's record is erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTraces:
    """Erase a person's traces from the queues, after TellErased; then free disk space.

    With neither id, only free disk space.
    """

    chat_id: ChatId | None = None
    freelancer_id: FreelancerId | None = None


class EventKind(StrEnum):
    """Events reported to the marketplace."""

    LINKED = "freelancer.linked"
    UNLINKED = "freelancer.unlinked"
    PHONE_VERIFIED = "phone.verified"
    STEP_COMPLETED = "step.completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellMarketplace:
    """Post an event to the marketplace, retried until it is accepted."""

    event: EventKind
    freelancer_id: FreelancerId
    step: StepId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullAccount:
    """Read a new snapshot from the marketplace and show the result in the chat."""

    freelancer_id: FreelancerId


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOld:
    """Remove rows past their retention period, and schedule the same for a day later."""


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
    """Outbox queues. Each has its own workers, so a slow recipient delays no other queue."""

    CHATS = "chats"
    PULLS = "pulls"
    EVENTS = "events"
    GROUP = "group"
    """Tasks for the staff group, where Telegram allows few messages per minute."""


_QUEUES: Mapping[type[Task], Queue] = {
    TellMarketplace: Queue.EVENTS,
    PullAccount: Queue.PULLS,
    **dict.fromkeys(get_args(GroupTask), Queue.GROUP),
}


def queue_of(task: Task) -> Queue:
    """The outbox queue of a task."""
    if isinstance(task, CarryEdit) and task.to == Side.CALLER:
        return Queue.CHATS
    return _QUEUES.get(type(task), Queue.CHATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A stored task. Rows of a lane are delivered in order of their ids, once due."""

    id: int
    lane: str
    key: str
    """Idempotency key: a second row with the same key is not added."""
    task: Task
    due_at: datetime
    tries: int = 0
    heard_now: bool = False  # it answers a message just received: the chat hasn't blocked us


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """A reply of a turn that has no outbox row yet."""

    lane: str
    key: str
    task: SendReply
    due_at: datetime
