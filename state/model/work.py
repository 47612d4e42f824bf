"""What is to happen outside, as rows of the outbox, and what came in, as rows of the inbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.verification import SessionId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCall:
    """The living message of a call, rendered at delivery: the code is in no row."""

    session_id: SessionId
    fresh: bool = False
    """Send it as a new message (the call was just asked for)."""
    chat_id: ChatId | None = None
    """A chat that is no longer the freelancer's, so that the code leaves it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProgress:
    """Edit the living progress message and tell once what was opened, if anything was."""

    freelancer_id: FreelancerId
    opened: tuple[str, ...] = ()
    """Step ids that were completed by what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialNumber:
    """Place the call of a session, at most once."""

    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCall:
    """When due: a call that is still being placed has failed, a code that ran out has expired."""

    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindUnlocked:
    """When due, and if it still makes sense: the lock is over, a call can be had again."""

    freelancer_id: FreelancerId


Task: TypeAlias = (
    SendReply | ShowCall | ShowProgress | DialNumber | HangUp | CheckCall | RemindUnlocked
)


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
